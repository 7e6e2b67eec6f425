"""Runs, locks, cursors and the audit log."""
