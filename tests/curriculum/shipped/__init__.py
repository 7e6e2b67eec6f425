"""Tests of the shipped curriculum."""
