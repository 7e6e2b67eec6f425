"""What Moodle returns, one model per answer."""
