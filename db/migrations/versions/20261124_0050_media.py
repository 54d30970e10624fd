"""Uploads that are a person's portrait, and those that hang on nothing yet.

Revision: 0050, after 0005. The indexes serve the replacement of a logo, banner or portrait, and
the search for uploads that wait to be used. The table is new: nothing in it is rewritten.
Two deploys: a column is first added and filled, code moves over, and only a later migration
removes what nobody reads any more. Import no model here: this text must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("media", sa.Column("person_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_media_person_id_person"),
        "media",
        "person",
        ["person_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        op.f("ck_media_one_place"),
        "media",
        "num_nonnulls(post_id, organisation_id, person_id) <= 1",
    )
    op.create_index(
        op.f("ix_media_organisation_id"),
        "media",
        ["organisation_id"],
        postgresql_where=sa.text("organisation_id is not null"),
    )
    op.create_index(
        op.f("ix_media_person_id"),
        "media",
        ["person_id"],
        postgresql_where=sa.text("person_id is not null"),
    )
    op.create_index(
        "ix_media_waiting",
        "media",
        ["uploaded_by_id", "id"],
        postgresql_where=sa.text(
            "post_id is null and organisation_id is null and person_id is null"
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_media_waiting", table_name="media")
    op.drop_index(op.f("ix_media_person_id"), table_name="media")
    op.drop_index(op.f("ix_media_organisation_id"), table_name="media")
    op.drop_constraint(op.f("ck_media_one_place"), "media", type_="check")
    op.drop_constraint(op.f("fk_media_person_id_person"), "media", type_="foreignkey")
    op.drop_column("media", "person_id")
