"""Migrations of a kit's file."""
