"""Reads results from Moodle and stores them as completions."""
