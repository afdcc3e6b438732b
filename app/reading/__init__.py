"""The rater's window. Nothing in here can open a study."""
