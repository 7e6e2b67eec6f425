"""Databases for the tests of sessions."""

from tests.store.conftest import db as db
from tests.store.conftest import url as url
