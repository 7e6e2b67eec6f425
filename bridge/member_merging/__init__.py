"""Making two records of the same member one. See docs/decisions/0088."""
