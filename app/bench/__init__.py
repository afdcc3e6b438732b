"""Measurements of this machine, of FerroRead on it, and of other programs beside it, in one run."""
