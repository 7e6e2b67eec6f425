"""The dashboard, follow-up list and quiz statistics."""
