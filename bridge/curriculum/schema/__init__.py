"""The YAML format: its records, fields and types of value."""
