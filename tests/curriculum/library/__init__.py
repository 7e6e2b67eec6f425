"""Curricula in a folder, and the last valid version."""
