"""Tests of bridge/curriculum/requirements."""
