"""Importing many members: what an import would change."""
