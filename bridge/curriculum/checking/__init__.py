"""Checks of a whole curriculum, after its files have been parsed."""
