"""Questions about Moodle accounts, their answers, and links to check."""
