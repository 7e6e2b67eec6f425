"""Explain lines whose indentation, hyphen or colon is wrong."""
