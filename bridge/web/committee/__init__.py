"""The committee's pages: how far everybody is, who needs help, and who did what."""
