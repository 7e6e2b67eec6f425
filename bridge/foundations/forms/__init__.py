"""Forms that people fill in: drafts, submissions, and their files."""
