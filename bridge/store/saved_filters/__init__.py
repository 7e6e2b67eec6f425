"""Filters of list pages that someone saved, and who gets them as reports by email."""
