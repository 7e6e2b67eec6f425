"""Emails to many members, on the command line."""
