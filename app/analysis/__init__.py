"""The window in which a study's results are looked at, once its readings are signed and collected."""
