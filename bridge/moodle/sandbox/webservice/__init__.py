"""The REST protocol of the sandbox: parameters, functions, errors."""
