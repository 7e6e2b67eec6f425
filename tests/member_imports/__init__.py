"""Importing members on a page: look, record, undo."""
