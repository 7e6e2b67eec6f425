"""Checks of the texts that learners read."""
