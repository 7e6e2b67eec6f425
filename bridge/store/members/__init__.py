"""Members: upsert, matching, search, profile."""
