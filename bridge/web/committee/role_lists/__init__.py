"""Giving a role to many members at once, or ending it."""

from bridge.web.committee.role_lists.list_page import blueprint as blueprint
