"""Export questions as Moodle XML, and mark responses to self-checks."""
