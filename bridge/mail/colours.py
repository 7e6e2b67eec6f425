"""Shades of the union's colours with enough contrast (WCAG 2.2, at least 4.5)."""

from __future__ import annotations

MIN_CONTRAST = 4.5
LIGHT, DARK = "#ffffff", "#212529"
"""Bootstrap's page backgrounds in light and dark mode."""
PANEL_BACKGROUNDS = {LIGHT: "#e9ecef", DARK: "#343a40"}
"""By page background: the panel background with the least contrast to text."""


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white), as WCAG defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_colour(colour: str, ground: str) -> str:
    """The shade nearest to `colour` that can be read on `ground`."""
    goal = max(("#ffffff", "#000000"), key=lambda each: contrast(each, ground))
    shades = (mix(colour, goal, step / 20) for step in range(21))
    return next(shade for shade in shades if contrast(shade, ground) >= MIN_CONTRAST)


def mix(colour: str, other: str, share: float) -> str:
    """`share` of `other` in `colour`."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def rgb(colour: str) -> str:
    """As Bootstrap writes it in its variables: `20, 98, 74`."""
    return ", ".join(map(str, _parts(colour)))


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    shares = (part / 255 for part in _parts(colour))
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
