"""Member search and the page of one member."""
