"""Registrations as the committee and the leaders handle them: on behalf of others, with history."""
