"""The WSGI server and its limits."""
