"""Quiz attempts in the sandbox: questions, forms, marking."""
