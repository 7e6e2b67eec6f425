"""The pages of live sessions for those who attend."""

from bridge.web.sessions.pages import blueprint as blueprint
