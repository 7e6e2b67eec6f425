"""A suggestion with an example, and the sample file in which something is typed."""

from __future__ import annotations

from dataclasses import dataclass

TITLE = "title: First Step"
ITEM = "  - Knows where the agreement is"
BODY = "            Hello."
NEXT = "next: Go on."
IMAGE = "    image: badges/second.png"
LIST_ITEM = "begin each item with `- `, a hyphen and a space"


@dataclass(frozen=True)
class Example:
    """One suggestion. `old` in a sample file becomes `typed`, and then `followed`."""

    suggestion: str
    file: str
    old: str
    typed: str
    followed: str


def first(suggestion: str, old: str, typed: str, followed: str) -> Example:
    return Example(suggestion, "first", old, typed, followed)


def second(suggestion: str, old: str, typed: str, followed: str) -> Example:
    return Example(suggestion, "second", old, typed, followed)


def top(suggestion: str, old: str, typed: str, followed: str) -> Example:
    return Example(suggestion, "top", old, typed, followed)


def sessions(suggestion: str, old: str, typed: str, followed: str) -> Example:
    return Example(suggestion, "sessions", old, typed, followed)


def forms(suggestion: str, old: str, typed: str, followed: str) -> Example:
    return Example(suggestion, "forms", old, typed, followed)


def title(suggestion: str, typed: str, followed: str) -> Example:
    return first(suggestion, TITLE, f"title: {typed}", f"title: {followed}")
