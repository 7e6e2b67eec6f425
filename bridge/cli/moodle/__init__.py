"""Commands about Moodle: plan, apply, and the companion plugin."""
