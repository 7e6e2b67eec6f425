"""What pages for lists of people share: reading entries, people to tick, and labels."""
