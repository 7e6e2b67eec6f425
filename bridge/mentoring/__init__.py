"""Mentoring: who is paired with whom."""
