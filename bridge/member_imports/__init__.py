"""Importing members on a page: look at a file, record it, undo it."""
