"""The team: who has which role, inviting people and taking roles away."""

from bridge.web.committee.team.pages import blueprint as blueprint
