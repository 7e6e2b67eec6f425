"""Enrolments, completions, sign-offs and awards."""
