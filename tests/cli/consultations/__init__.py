"""`consultations`."""
