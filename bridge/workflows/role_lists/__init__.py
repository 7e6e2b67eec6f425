"""Giving a role to many members, or ending it: preview, record, undo."""
