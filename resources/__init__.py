"""Protocols, themes, icons and colour maps, as files."""
