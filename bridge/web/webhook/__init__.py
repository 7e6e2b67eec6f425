"""The webhook of the membership system."""
