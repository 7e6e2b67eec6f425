"""Runs work at intervals and on request: scheduler, jobs, locks."""
