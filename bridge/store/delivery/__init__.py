"""Deliveries to Moodle and the outbox of emails."""
