"""Stakeholder consultations: what people outside the committee say about a draft."""
