"""A database for the tests of the demo's data."""

from tests.store.conftest import db as db
from tests.store.conftest import url as url
