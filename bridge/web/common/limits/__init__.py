"""What one client may do: rate limits, emails, and costly pages."""
