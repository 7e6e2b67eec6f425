"""Secrets that people and programs carry are stored as their SHA-256 alone."""

from __future__ import annotations

import hashlib


def hash_token(token: str) -> str:
    """What is stored instead of `token`: 64 hexadecimal digits.

    Only for long random tokens; a password would need a slow hash.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
