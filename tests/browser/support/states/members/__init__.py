"""Pages that are about members."""
