"""What people answer: saving it, counting it by point and group, and exporting it."""
