"""Emails that the committee writes to the members of a filtered list."""
