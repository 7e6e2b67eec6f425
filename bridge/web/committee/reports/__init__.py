"""Reports: who is where, and what the curriculum covers."""

from bridge.web.committee.reports.coverage_page import blueprint as blueprint
