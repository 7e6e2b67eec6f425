"""The functions of the companion plugin."""
