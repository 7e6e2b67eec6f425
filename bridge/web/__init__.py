"""The web service. It reads the store, and never calls Moodle."""

from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics

__all__ = ["Metrics", "create_app"]
