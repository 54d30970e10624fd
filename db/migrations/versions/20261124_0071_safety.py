"""Whom a report concerns, cases by what they are about, exports of personal data, erasure asked for.

Revision: 0071, after 0030. Each index serves the read that is named beside it in `db/tables`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0030"
branch_labels = None
depends_on = None

SUBJECT = "coalesce(post_id, comment_id, person_id, organisation_id)"
SUBJECT_TYPES = "subject_type in ('POST', 'COMMENT', 'PERSON', 'ORGANISATION')"


def upgrade() -> None:
    op.execute("set local lock_timeout = '2s'")
    op.create_table(
        "data_export",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("byte_count", sa.BigInteger(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_data_export_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_export")),
    )
    op.create_index(op.f("ix_data_export_person_id_id"), "data_export", ["person_id", "id"])
    op.create_index(op.f("ix_data_export_expires_at"), "data_export", ["expires_at"])
    op.create_index(
        "uq_data_export_pending",
        "data_export",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("ready_at is null"),
    )
    op.add_column(
        "person", sa.Column("erasure_requested_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("report", sa.Column("addressee_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_report_addressee_id_person"),
        "report",
        "person",
        ["addressee_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_report_addressee_id"), "report", ["addressee_id"])
    op.create_index(
        "ix_report_case",
        "report",
        [sa.text(SUBJECT), "id"],
        postgresql_where=sa.text("status = 'OPEN'"),
    )
    op.alter_column(
        "moderation_action", "subject_type", type_=sa.String(32), existing_type=sa.Text()
    )
    op.create_check_constraint(
        op.f("ck_moderation_action_subject_type"), "moderation_action", SUBJECT_TYPES
    )


def downgrade() -> None:
    op.drop_constraint(
        op.f("ck_moderation_action_subject_type"), "moderation_action", type_="check"
    )
    op.alter_column(
        "moderation_action", "subject_type", type_=sa.Text(), existing_type=sa.String(32)
    )
    op.drop_index("ix_report_case", table_name="report")
    op.drop_index(op.f("ix_report_addressee_id"), table_name="report")
    op.drop_constraint(op.f("fk_report_addressee_id_person"), "report", type_="foreignkey")
    op.drop_column("report", "addressee_id")
    op.drop_column("person", "erasure_requested_at")
    op.drop_table("data_export")
