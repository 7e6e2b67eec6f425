"""Reminders to members who work on a milestone."""
