"""What is compiled once in a process, and shared by all of its tests."""
