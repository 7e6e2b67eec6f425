"""Moodle's competency functions."""
