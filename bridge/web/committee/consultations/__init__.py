"""The committee's pages about consultations."""

from bridge.web.committee.consultations.consultation_list import blueprint as blueprint
