"""The command `demo`, and the data that it shows."""
