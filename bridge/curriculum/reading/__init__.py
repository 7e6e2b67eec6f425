"""Read the files of a curriculum: bytes -> text -> YAML nodes -> parsed records -> model."""
