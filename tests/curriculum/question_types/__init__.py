"""Tests of bridge/curriculum/question_types, one file per module."""
