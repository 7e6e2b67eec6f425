"""A folder with a small curriculum and free ports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_runner import Folder, free_port

CURRICULUM = """\
curriculum: small
title: A Small Path
milestones: [first, second]
"""
FIRST = """\
milestone: first
title: First Step
audience: members
access: open
summary: Where it begins.
expectations: [Knows where it begins]
course:
  sections:
    - section: begin
      title: To begin with
      activities:
        - page: welcome
          title: Welcome
          body: Hello there.
        - quiz: check
          title: Check what you know
          questions:
            - question: begin
              type: true-false
              text: It begins here.
              correct: true
              feedback: It does.
requirements:
  - quiz: check
acknowledgement:
  message: Well done.
"""
SECOND = """\
milestone: second
title: Second Step
audience: stewards
access: account
summary: Where it goes on.
expectations: [Has been to the training]
entry: {after: [first], role: steward}
course:
  sections:
    - section: further
      title: Further
      activities:
        - page: more
          title: More
          body: There is more.
requirements:
  - signoff: basic-training
    title: Basic training attended
"""
CONFIG = """\
curricula: curricula
regions:
  north:
    name: North
    chair: {{name: Chair North, email: chair@example.org}}
service: {{port: {service}, pull_every: 1, deliver_every: 1}}
sandbox: {{port: {sandbox}}}
"""


def write_sample_folder(path: Path) -> Folder:
    """Write a curriculum and a configuration to `path`."""
    folder = Folder(path)
    folder.write("curricula/small/curriculum.yaml", CURRICULUM)
    folder.write("curricula/small/first.yaml", FIRST)
    folder.write("curricula/small/second.yaml", SECOND)
    folder.write("config.yaml", CONFIG.format(service=free_port(), sandbox=free_port()))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return write_sample_folder(tmp_path)


@pytest.fixture
def empty(tmp_path: Path) -> Folder:
    return Folder(tmp_path)
