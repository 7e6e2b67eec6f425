"""Who registers people, on behalf of others too, and the history of registrations."""
