"""Persons, what proves their email addresses, and their personal links."""
