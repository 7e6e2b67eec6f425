"""Changes of many members that were made together: what each was, and undoing them."""
