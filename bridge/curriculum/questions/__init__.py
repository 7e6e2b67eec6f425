"""Questions as Moodle XML, and how responses are marked."""
