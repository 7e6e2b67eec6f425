"""Formulas in texts, written as Moodle's MathJax filter reads them."""
