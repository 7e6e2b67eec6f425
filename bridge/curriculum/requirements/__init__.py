"""The kinds of requirements: one module for each, listed in register.py."""
