"""Which response each person was sent, and what was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision: str | None = "0047"

ANSWER, RESPONSE = "consultation_answer", "consultation_response"


def upgrade() -> None:
    """Everyone whose answer counts was sent the response that was sent last."""
    told = sa.Column("told_version", sa.Integer, nullable=False, server_default=sa.text("0"))
    op.add_column(ANSWER, told)
    for name, kind in (("sent_decision", sa.String(12)), ("sent_text", sa.Text())):
        op.add_column(RESPONSE, sa.Column(name, kind, nullable=False, server_default=sa.text("''")))
    op.execute(
        f"UPDATE {RESPONSE} SET sent_decision = decision, sent_text = text "
        "WHERE version = sent_version"
    )
    op.execute(
        f"UPDATE {ANSWER} SET told_version = COALESCE((SELECT r.sent_version FROM {RESPONSE} r "  # noqa: S608 - constants
        "JOIN consultation_invitation i ON i.consultation_id = r.consultation_id "
        f"WHERE i.id = {ANSWER}.invitation_id AND r.point = {ANSWER}.point "
        "AND i.state = 'invited' AND i.sent_at IS NOT NULL), 0)"
    )


def downgrade() -> None:
    """Forget it: who raised a point after its response was sent doesn't get it."""
    for name in ("sent_decision", "sent_text"):
        op.drop_column(RESPONSE, name)
    op.drop_column(ANSWER, "told_version")
