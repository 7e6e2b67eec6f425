"""Tests of bridge/sessions/schedule_files."""
