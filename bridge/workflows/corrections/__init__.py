"""Changing and withdrawing what was recorded about a member, and what it means for awards."""
