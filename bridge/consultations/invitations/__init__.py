"""Who takes part in a consultation: its groups, and the people invited to them."""
