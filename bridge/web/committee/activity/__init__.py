"""The activity log in words: a sentence for each entry, and what was changed."""
