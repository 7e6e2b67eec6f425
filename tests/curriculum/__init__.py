"""Tests of bridge/curriculum, one file per module."""
