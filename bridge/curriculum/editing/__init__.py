"""Support for the editor: starter files, the milestone list, source locations, completions."""
