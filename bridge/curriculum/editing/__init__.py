"""What the editor needs: starter files, source locations, referenced names."""
