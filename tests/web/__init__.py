"""Visits to the web service."""
