"""What the committee writes: the model, its reader, its schema. No network, no database."""
