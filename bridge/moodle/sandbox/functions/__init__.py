"""The web-service functions, a module for each of Moodle's own areas."""
