"""Emails about sessions that answer no action: announcements and reminders; and thanks."""
