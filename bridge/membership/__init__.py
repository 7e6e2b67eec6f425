"""What the union knows about its members: status, roles, and how sources write them."""
