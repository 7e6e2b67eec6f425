"""How Moodle compares what members type: words with wildcards, and numbers."""
