"""Suggestions, each with an example."""
