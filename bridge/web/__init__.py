"""The web service. It reads the store, and never calls Moodle."""

from bridge.web.app import create_app
from bridge.web.metrics import Metrics

__all__ = ["Metrics", "create_app"]
