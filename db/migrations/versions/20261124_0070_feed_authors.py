"""The feed's indexes say who wrote a post: a block hides the posts of its people there too.

Revision: 0070, after 0002. Both indexes are made anew; posts cannot be written meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = (
    (
        "ix_post_for_followers",
        "audience <> 'PARTNERS' and audience <> 'ORGANISATION' and hidden_at is null",
    ),
    (
        "ix_post_for_fewer",
        "(audience = 'PARTNERS' or audience = 'ORGANISATION') and hidden_at is null",
    ),
)


def upgrade() -> None:
    _make(include=["author_id"])


def downgrade() -> None:
    _make(include=[])


def _make(*, include: list[str]) -> None:
    op.execute("set local lock_timeout = '2s'")
    for name, where in INDEXES:
        op.drop_index(name, table_name="post")
        op.create_index(
            name,
            "post",
            ["organisation_id", "id"],
            postgresql_include=include,
            postgresql_where=sa.text(where),
        )
