"""Carries out deliveries and sends emails."""
