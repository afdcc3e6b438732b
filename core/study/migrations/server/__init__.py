"""Migrations of what a study has on a server alone."""
