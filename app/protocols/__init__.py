"""Protocols seen as a rater will see them, and written."""
