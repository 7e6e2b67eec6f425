"""What the committee changes by hand: details of members, and notes about them."""
