"""The HTTP client: protocol, transport, batches, errors."""
