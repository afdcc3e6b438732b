"""Migrations of a study's file."""
