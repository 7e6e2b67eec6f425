"""Counts for pages, reports and the digest."""
