"""Applications to programs: rounds, forms and decisions made by people."""
