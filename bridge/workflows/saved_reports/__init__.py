"""Saved filters, and the reports that are emailed weekly or monthly to people of the team."""
