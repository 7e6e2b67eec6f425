"""Tests of applications to programs."""
