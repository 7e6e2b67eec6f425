"""Pages of personal links: one button, no sign-in."""

from __future__ import annotations

from bridge.web.links.pages import blueprint as blueprint
