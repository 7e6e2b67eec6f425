"""Attendance that people or files say themselves: by the code, and by a meeting program's CSV."""
