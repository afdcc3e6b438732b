"""The programs and windows that wire the rest."""
