"""The fixtures of this folder."""

from __future__ import annotations

from tests.support.job_fixtures import applied as applied
from tests.support.job_fixtures import applied_site_file as applied_site_file
from tests.support.job_fixtures import bare_sandbox_server as bare_sandbox_server
from tests.support.job_fixtures import build as build
from tests.support.job_fixtures import empty_store as empty_store
from tests.support.job_fixtures import env as env
from tests.support.job_fixtures import moodle as moodle
from tests.support.job_fixtures import sandbox_server as sandbox_server
