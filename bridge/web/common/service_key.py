"""The secret key of the service."""

from __future__ import annotations

from flask import current_app


def service_key() -> bytes:
    """What only this service knows. It stays the same when it is restarted, if it is configured."""
    key = current_app.secret_key or ""
    return key if isinstance(key, bytes) else key.encode()
