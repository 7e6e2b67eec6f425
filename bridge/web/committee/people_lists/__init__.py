"""What pages for lists of people share: who is meant, whom to tick, and in words."""
