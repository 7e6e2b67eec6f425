"""Who may see and do what: roles, rights, the table of both, and who has which role."""
