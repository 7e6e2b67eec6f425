"""Sign in by email."""
