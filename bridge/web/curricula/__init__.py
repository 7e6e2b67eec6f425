"""Course content: edit and check curricula, preview changes, publish to Moodle."""
