"""Signing off many people at once: for everyone, or for the people of an object."""

from bridge.web.committee.signoffs.list_page import blueprint as blueprint
