"""What changing, linking and erasing people does to their forms."""
