"""Tests of bridge/curriculum, one file a module."""
