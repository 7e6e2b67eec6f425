"""The YAML format: its records and their keys."""
