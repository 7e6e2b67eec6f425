"""`coverage` and `reports`."""
