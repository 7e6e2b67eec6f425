"""File versions, plan requests and course modules."""
