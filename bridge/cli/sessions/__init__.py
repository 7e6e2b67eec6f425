"""Commands about live sessions."""
