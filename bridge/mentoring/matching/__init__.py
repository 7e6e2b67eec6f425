"""Pure: proposes mentoring pairs. `match_mentees` is for mentors with places; `peers` for equals.

The result depends on the input alone, in any order, so a stored input repeats its run.
"""
