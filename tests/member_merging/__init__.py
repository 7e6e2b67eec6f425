"""Merging two records of a member."""
