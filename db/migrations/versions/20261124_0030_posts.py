"""Several organisations may be named in one text; an organisation reposts wordlessly once.

Revision: 0030, after 0050.
The index that went allowed one organisation a text: it was not told apart by which. The new ones
replace it within one migration, as nothing has been written under it yet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("uq_mention_post_id_comment_id_person_id", "mention", type_="unique")
    op.create_unique_constraint(
        "uq_mention_subject",
        "mention",
        ["post_id", "comment_id", "person_id", "organisation_id"],
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "ix_post_wordless_repost",
        "post",
        ["organisation_id", "repost_of_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'REPOST' and body = '' and repost_of_id is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_post_wordless_repost", table_name="post")
    op.drop_constraint("uq_mention_subject", "mention", type_="unique")
    op.create_unique_constraint(
        "uq_mention_post_id_comment_id_person_id",
        "mention",
        ["post_id", "comment_id", "person_id"],
        postgresql_nulls_not_distinct=True,
    )
