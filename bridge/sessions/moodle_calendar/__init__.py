"""Sessions as events in the calendars of Moodle's courses."""
