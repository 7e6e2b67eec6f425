"""What attending and leading sessions earns."""
