"""A programs.yaml with every key, and the topics that it needs."""

from __future__ import annotations

from bridge.curriculum.reader import Reading, read_text
from tests.curriculum.sample_files import files

TOPICS = """\
sessions:
  - session: hearings
    previously: hearing
    title: Hearings
  - session: open-evening
    title: Open evening
    credit: none
"""
LEADERSHIP = """\
  - program: leadership
    title: Leadership
    description: For people who *lead*.
    audience: stewards
    eligible: {milestone: first-step}
    form:
      introduction: It takes ten minutes.
      fields:
        - {field: why, type: long-text, label: Why, required: yes, words: 300}
    criteria:
      - {criterion: commitment, title: Commitment, points: 5, help: Time for it}
    reviewers: committee
    rounds:
      - round: "2027"
        opens: 2027-01-10
        closes: 2027-02-10 17:00
        timezone: America/Toronto
        starts: 2027-03-01
        ends: 2027-08-31
        seats: 20
"""
MENTORING = """\
  - program: pairs
    previously: [buddies, old-pairs]
    kind: mentoring
    title: Mentoring
    mentee-form:
      fields:
        - field: topics
          type: choices
          label: Topics
          choices:
            - {choice: grievances, label: Grievances}
            - {choice: speaking, label: Speaking}
    mentor-form:
      fields:
        - field: topics
          type: choices
          label: What can you teach?
          choices:
            - {choice: speaking, label: Speaking}
            - {choice: grievances, label: Grievances}
        - {field: capacity, type: number, label: How many, required: yes, min: 1}
    rounds:
      - {round: spring, opens: 2027-01-10, closes: 2027-02-10, starts: 2027-03-01, ends: 2027-08-31}
    parts:
      - part: theory
        title: Theory
        sessions: [hearings]
      - part: practice
        previously: part-two
        title: Practice
        hours: 40
        tasks:
          - {task: sit-in, title: Sit in on a meeting}
    kinds: [classic, peer]
    lost-time: {days: 30}
    equity: [{group: women, title: Women, goal: 50}]
    concerns: {name: Sam Doe, email: concerns@example.org}
    inactive-days: 21
"""
PROGRAMS = f"programs:\n{LEADERSHIP}{MENTORING}"


def read_programs(text: str = PROGRAMS, topics: str | None = TOPICS, **milestones: str) -> Reading:
    """The reading of the sample curriculum with these files."""
    sessions = {} if topics is None else {"sessions.yaml": topics.encode()}
    return read_text({**files(**milestones), **sessions, "programs.yaml": text.encode()})
