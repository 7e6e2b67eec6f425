"""Uploaded files: what is accepted, where they are stored, and how long they are kept."""
