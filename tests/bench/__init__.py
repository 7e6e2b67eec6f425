"""What Stewardpath costs, measured: `make bench`, or `python -m tests.bench NAME`.

No figure here is a test. Counts that must hold (calls, statements) are tested in
tests/jobs/test_costs.py; times depend on the machine and are only printed beside their targets.
"""
