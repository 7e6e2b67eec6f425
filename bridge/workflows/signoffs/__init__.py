"""Signing off many people at once: read, look up, record, undo."""
