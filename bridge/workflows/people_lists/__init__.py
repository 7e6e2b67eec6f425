"""Lists of people that someone pasted or ticked: read, look up, say what would happen."""
