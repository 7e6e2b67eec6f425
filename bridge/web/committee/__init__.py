"""The committee's pages: statistics, members, what needs attention, and the activity log."""
