"""What features share: uploaded files."""
