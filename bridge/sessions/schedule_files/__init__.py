"""Sessions in files: importing and exporting them, copying a session, and repeating it."""
