"""Live sessions: schedules, registrations, attendance, and the credits that they earn."""
