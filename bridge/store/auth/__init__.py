"""Logins, one-time links and API tokens."""
