"""A member's record as a page, as CSV and as JSON: their own, and for the committee."""
