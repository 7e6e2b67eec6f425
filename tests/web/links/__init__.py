"""Pages of personal links."""
