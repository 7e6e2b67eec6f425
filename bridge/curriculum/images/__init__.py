"""Images of a curriculum: their names, and which files are accepted."""
