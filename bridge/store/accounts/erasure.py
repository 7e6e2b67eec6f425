"""What questions about other members say about someone who is erased."""

from __future__ import annotations

from sqlalchemy import delete, func, or_, update
from sqlalchemy.orm import Session

from bridge.store.tables.accounts import AccountQuestion, NumberQuestion


def clear_questions(session: Session, email_key: str, number: str | None) -> None:
    """Clear someone's email and number in questions about other members.

    A question whether a record is another member's is deleted: without them it asks nothing.
    """
    accounts = [func.lower(AccountQuestion.account_email) == email_key]
    records = [func.lower(NumberQuestion.email) == email_key]
    if number:
        accounts.append(AccountQuestion.account_number == number)
        records.append(NumberQuestion.number == number)
    cleared = update(AccountQuestion).where(or_(*accounts))
    session.execute(cleared.values(account_email="", account_number=""))
    session.execute(delete(NumberQuestion).where(or_(*records)))
