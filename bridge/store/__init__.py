"""What Stewardpath remembers: tables, named queries and migrations. No network, no rules."""
