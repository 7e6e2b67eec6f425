"""A consultation of the users' union, with people who were invited."""

from __future__ import annotations

import pytest

from tests.consultations.environment import Consultations
from tests.web.signed_in_users import SignedInUsers


@pytest.fixture
def consultations(users: SignedInUsers) -> Consultations:
    return Consultations(users.config, users.database, users.clock, shelf=users.shelf)
