"""Users, enrolments, acknowledgements and results."""
