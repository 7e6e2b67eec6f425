"""How long records are kept that nobody deletes. The privacy notice says it, too."""

from __future__ import annotations

from datetime import timedelta

RETENTION = timedelta(days=30)
"""Sent emails, runs of jobs, and requests to refresh results."""
EMAIL_KEY_RETENTION = timedelta(days=400)
"""By then, no job asks for the same email again."""
CONTACT_REQUEST_RETENTION = timedelta(days=90)
"""Counted from when the request was handled."""
