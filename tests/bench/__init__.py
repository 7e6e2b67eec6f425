"""Benchmarks: `make bench`, or `python -m tests.bench pull` for one part.

They test nothing. tests/workflows/test_call_counts.py tests the counts that must not grow (calls,
database statements). Times depend on the machine and are only printed next to their targets.
"""
