"""Sign up through the public form."""
