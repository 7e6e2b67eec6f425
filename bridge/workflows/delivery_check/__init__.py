"""Checks whether what was delivered is still true in Moodle."""
