"""Indexes that live delivery reads by.

Revision: 0081, after 0080. `ix_event_created_at` serves counting what happened in the last
seconds; rows stand in the order of time, so a summary of each range of pages is enough (BRIN, a few
pages). `ix_person_moderators` serves telling who among many listeners moderates. Import no model
here: this text must mean the same for ever.
"""

from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "create index ix_event_created_at on event using brin (created_at)"
        " with (pages_per_range = 16, autosummarize = on)"
    )
    op.execute("create index ix_person_moderators on person (id) where is_moderator")


def downgrade() -> None:
    op.execute("drop index ix_person_moderators")
    op.execute("drop index ix_event_created_at")
