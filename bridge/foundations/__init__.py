"""What features share: uploaded files, deadlines."""
