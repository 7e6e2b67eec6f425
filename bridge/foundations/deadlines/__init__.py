"""Deadlines and reminders: at a local time, in a time zone, once."""
