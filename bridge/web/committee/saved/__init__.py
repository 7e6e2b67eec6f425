"""Saved filters, and the reports that are emailed."""

from bridge.web.committee.saved.pages import blueprint as blueprint
