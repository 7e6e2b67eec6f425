"""Consultations of stakeholders."""
