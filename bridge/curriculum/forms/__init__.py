"""Forms: their fields, and what people may answer."""
