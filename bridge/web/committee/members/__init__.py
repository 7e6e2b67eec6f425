"""Pages about one member or many."""
