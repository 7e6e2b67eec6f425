"""Deletes old records and everything that has expired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bridge.features import FEATURES
from bridge.foundations.feature import Feature
from bridge.foundations.forms import drafts, submissions
from bridge.jobs.unconfirmed_persons import erase_unconfirmed_persons
from bridge.store.auth import logins, signin_links, team
from bridge.store.batches import member_imports
from bridge.store.database import Database
from bridge.store.delivery import member_emails, outbox
from bridge.store.learning import refresh_requests
from bridge.store.members import contact_requests, pending_signups
from bridge.store.operations import runs, webhook_signatures
from bridge.store.persons import personal_links
from bridge.store.retention import CONTACT_REQUEST_RETENTION, EMAIL_KEY_RETENTION, RETENTION


def delete_expired(
    database: Database, now: datetime, features: Sequence[Feature] = FEATURES
) -> None:
    """Delete records older than their retention, and links and logins that have expired.

    Persons who never confirmed the address they typed are erased, too.
    """
    with database.transaction() as session:
        logins.prune(session, now)
        signin_links.prune(session, now)
        team.prune(session, now)
        personal_links.prune(session, now)
        pending_signups.prune(session, now)
        outbox.prune(session, now - RETENTION, now - EMAIL_KEY_RETENTION)
        member_emails.prune(session, now - EMAIL_KEY_RETENTION)
        contact_requests.prune(session, now - CONTACT_REQUEST_RETENTION)
        drafts.prune(session, now - drafts.RETENTION)
        submissions.prune(session, now - submissions.WITHDRAWN_RETENTION)
        refresh_requests.prune(session, now - RETENTION)
        member_imports.prune(session, now)
        runs.prune(session, now - RETENTION)
        webhook_signatures.prune(session, now - RETENTION)
    erase_unconfirmed_persons(database, now, features)
    database.empty_log()
