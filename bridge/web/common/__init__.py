"""What all pages share: services, visitor, headers, metrics."""
