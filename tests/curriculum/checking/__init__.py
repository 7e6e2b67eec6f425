"""Checks over the files of a curriculum."""
