"""Adding, correcting and erasing members on the committee's pages."""
