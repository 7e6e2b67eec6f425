"""Courses, cohorts and badges: read the site, apply changes."""
