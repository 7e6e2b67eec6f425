"""Tests of what needs attention."""
