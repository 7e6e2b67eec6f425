"""The committee's pages about live sessions, and the leaders' page of their own."""

from bridge.web.committee.sessions.session_list import blueprint as blueprint
