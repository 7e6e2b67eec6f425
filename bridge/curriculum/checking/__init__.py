"""Checks that look at a whole curriculum."""
