"""Corrections: changing credits, and deciding about milestones that lack something since."""

from bridge.web.committee.corrections.decisions_page import blueprint as blueprint
