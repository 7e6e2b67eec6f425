"""The web service. It reads the store, and never calls Moodle."""
