"""Curricula in folders of files."""
