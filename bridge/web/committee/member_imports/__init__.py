"""Importing members from a file, with a preview, and undoing it within an hour."""

from bridge.web.committee.member_imports.form_page import blueprint as blueprint
