"""Emails to the members of a filtered list: written, previewed, sent, and followed."""

from bridge.web.committee.member_emails.list_page import blueprint as blueprint
