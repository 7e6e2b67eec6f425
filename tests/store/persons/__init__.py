"""Tests of bridge/store/persons."""
