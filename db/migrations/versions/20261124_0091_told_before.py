"""An index that telling people reads by.

Revision: 0091, after 0090. `ix_notification_read` serves knowing whether somebody was told of
something before, and has read it; without it each new line of an inbox read the whole inbox. Import
no model here: this text must mean the same for ever.
"""

from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "create index ix_notification_read on notification (person_id, kind, subject_id)"
        " where read_at is not null"
    )


def downgrade() -> None:
    op.execute("drop index ix_notification_read")
