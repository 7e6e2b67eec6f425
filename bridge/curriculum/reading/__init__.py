"""From bytes to a curriculum: YAML nodes, parsed records, the model."""
