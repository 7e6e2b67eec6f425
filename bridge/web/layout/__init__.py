"""Navigation, theme, language and error pages."""
