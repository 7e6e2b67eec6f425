"""The page of someone who was invited to a consultation."""

from bridge.web.consultations.pages import blueprint as blueprint
