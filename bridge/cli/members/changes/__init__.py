"""Commands that change one member by hand: `members edit`, `deactivate`, `note` and the like."""
