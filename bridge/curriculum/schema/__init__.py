"""The YAML format: its records, their keys and the types of their values."""
