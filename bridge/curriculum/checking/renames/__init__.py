"""Keys that changed since the last version, although what they name probably did not."""
