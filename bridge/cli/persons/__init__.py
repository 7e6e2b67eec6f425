"""Persons on the command line."""
