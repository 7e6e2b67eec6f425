"""Deliveries and emails: claim, carry out, record."""
