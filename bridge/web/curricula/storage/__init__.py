"""The curriculum files behind the editor: open, check, save, git."""
