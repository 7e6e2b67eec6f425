"""Sign-up, results, awards, delivery and site sync."""
