"""The pages in each of their states."""
