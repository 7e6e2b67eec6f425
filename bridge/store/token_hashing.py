"""Hashing of tokens: only their SHA-256 is stored."""

from __future__ import annotations

import hashlib


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token: 64 hexadecimal digits.

    Only for long random tokens. A password would need a slow hash.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
