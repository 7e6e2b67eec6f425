"""Moodle's reports become completions."""
