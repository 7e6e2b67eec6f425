"""The command `forms`."""
