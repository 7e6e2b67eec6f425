"""Deliveries and emails that need a person."""
