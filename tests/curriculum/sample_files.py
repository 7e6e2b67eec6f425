"""The files of a small curriculum that uses every feature of the format."""

from __future__ import annotations

import struct
import zlib

from bridge.curriculum.problems import Problem
from bridge.curriculum.reader import Reading, read_text

TOP = """\
curriculum: small
title: A small path
summary: Two steps.
languages: [en]
milestones: [first-step, second-step]
"""

FIRST = """\
milestone: first-step
title: First Step
audience: members
access: open
summary: |
  Where it *begins*.
expectations:
  - Knows where the agreement is
course:
  sections:
    - section: start
      title: Start here
      summary: Read, then look.
      activities:
        - page: welcome
          title: Welcome
          body: |
            Hello.
        - link: agreement
          title: The agreement
          url: https://example.org/agreement?a=1&b=2
          description: Read it.
requirements:
  - page: welcome
  - any:
      - link: agreement
      - signoff: met-in-person
        title: Met in person
next: Go on.
"""

SECOND = """\
milestone: second-step
previously: step-two
title: Second Step
audience: stewards
access: account
summary: Now it counts.
expectations:
  - Can explain it
entry:
  after: [first-step]
  role: steward
course:
  sections:
    - section: check
      title: Check
      activities:
        - quiz: the-check
          title: Check what you know
          intro: No hurry.
          pass: 80
          questions:
            - question: single
              type: one
              text: Which?
              choices:
                - right: Yes
                  feedback: Indeed.
                - wrong: No
                  feedback: Look again.
            - question: several
              type: many
              text: Which ones?
              feedback: Two of them.
              choices:
                - right: A
                - right: B
                - wrong: C
            - question: statement
              type: true-false
              text: Is it so?
              correct: no
              if-true: It is not.
              if-false: Right.
            - question: word
              type: short
              text: The word?
              feedback: The word is steward.
              answers:
                - steward
                - right: shop steward
                - wrong: boss
                  feedback: Hardly.
            - question: days
              type: number
              text: How many days?
              feedback: Ten.
              number: 10
              tolerance: 0.5
            - question: pairs
              type: match
              text: Match.
              feedback: As shown.
              pairs:
                - left: Steward
                  right: speaks
                - right: records
                  left: Secretary
                - right: plays golf
requirements:
  - quiz: the-check
  - at-least: 1
    of:
      - role: steward
      - signoff: training
acknowledgement:
  message: Well done.
  badge:
    name: Second Step
    description: For the second step.
    image: badges/second.png
"""


def png() -> bytes:
    """A PNG of one white pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\xff"))
        + chunk(b"IEND", b"")
    )


def files(top: str = TOP, first: str = FIRST, second: str = SECOND) -> dict[str, bytes]:
    """The files of the sample curriculum. Arguments replace the content of a file."""
    return {
        "curriculum.yaml": top.encode(),
        "first-step.yaml": first.encode(),
        "second-step.yaml": second.encode(),
        "badges/second.png": png(),
    }


def changed(text: str, old: str, new: str) -> str:
    """`text` with the one occurrence of `old` replaced; fails if there is not exactly one."""
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    return text.replace(old, new)


def read_first(old: str, new: str) -> Reading:
    """The reading with one change in first-step.yaml."""
    return read_text(files(first=changed(FIRST, old, new)))


def read_second(old: str, new: str) -> Reading:
    """The reading with one change in second-step.yaml."""
    return read_text(files(second=changed(SECOND, old, new)))


def read_top(old: str, new: str) -> Reading:
    """The reading with one change in curriculum.yaml."""
    return read_text(files(top=changed(TOP, old, new)))


def only(reading: Reading) -> Problem:
    """The only problem; fails if there are none or several."""
    assert len(reading.problems) == 1, reading.problems
    return reading.problems[0]
