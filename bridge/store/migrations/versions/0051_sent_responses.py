"""Which response each person was sent, and what was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision: str | None = "0050"

ANSWER, RESPONSE = "consultation_answer", "consultation_response"
SENT = """
UPDATE consultation_response SET sent_decision = decision, sent_text = text
WHERE version = sent_version
"""
TOLD = """
UPDATE consultation_answer SET told_version = COALESCE((
    SELECT response.sent_version FROM consultation_response AS response
    JOIN consultation_invitation AS invitation
        ON invitation.consultation_id = response.consultation_id
    WHERE invitation.id = consultation_answer.invitation_id
        AND response.point = consultation_answer.point
        AND invitation.state = 'invited' AND invitation.sent_at IS NOT NULL
), 0)
"""


def upgrade() -> None:
    """Everyone whose answer counts was sent the response that was sent last."""
    told = sa.Column("told_version", sa.Integer, nullable=False, server_default=sa.text("0"))
    op.add_column(ANSWER, told)
    for name, kind in (("sent_decision", sa.String(12)), ("sent_text", sa.Text())):
        op.add_column(RESPONSE, sa.Column(name, kind, nullable=False, server_default=sa.text("''")))
    op.execute(SENT)
    op.execute(TOLD)


def downgrade() -> None:
    """Forget it: who raised a point after its response was sent doesn't get it."""
    for name in ("sent_decision", "sent_text"):
        op.drop_column(RESPONSE, name)
    op.drop_column(ANSWER, "told_version")
