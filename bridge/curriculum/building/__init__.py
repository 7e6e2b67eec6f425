"""Build parts of the model from parsed records without errors."""
