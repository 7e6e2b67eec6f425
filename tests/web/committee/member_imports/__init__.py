"""The pages to import members."""
