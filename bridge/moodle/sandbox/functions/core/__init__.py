"""Moodle's core web service functions."""
