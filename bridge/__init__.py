"""Stewardpath: a union's education path, from YAML to Moodle and back."""

__version__ = "0.1.0"
