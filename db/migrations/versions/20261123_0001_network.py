"""The network: organisations, people, memberships, follows, posts, skills, sessions and tokens.

Revision: 0001, the first. Each index serves the read that is named beside it in `db/tables`.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Trusted extensions: the owner of the database may create them. A downgrade leaves them.
    for extension in ("citext", "pg_trgm", "unaccent"):
        op.execute(f"create extension if not exists {extension}")
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "COMPANY",
                "GOVERNMENT",
                "EDUCATION",
                "HEALTHCARE",
                "NON_PROFIT",
                "COOPERATIVE",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "sector",
            sa.Enum(
                "PUBLIC_ADMINISTRATION",
                "SAFETY_JUSTICE",
                "HEALTH_CARE",
                "EDUCATION_RESEARCH",
                "ENERGY_UTILITIES",
                "INFRASTRUCTURE_MOBILITY",
                "FINANCE_INSURANCE",
                "TECHNOLOGY",
                "INDUSTRY",
                "AGRICULTURE_FOOD",
                "CULTURE_MEDIA",
                "PROFESSIONAL_SERVICES",
                "TRADE_HOSPITALITY",
                "SOCIAL_SERVICES",
                name="sector",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "size_band",
            sa.Enum(
                "MICRO",
                "SMALL",
                "MEDIUM",
                "LARGE",
                "ENTERPRISE",
                name="size_band",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("verified_domain", sa.Text(), nullable=True),
        sa.Column("logo_url", sa.Text(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follower_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("member_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("post_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_post_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80",
            name=op.f("ck_organisation_slug"),
        ),
        sa.CheckConstraint(
            "char_length(about) <= 10000", name=op.f("ck_organisation_about_length")
        ),
        sa.CheckConstraint(
            "char_length(name) between 1 and 120", name=op.f("ck_organisation_name_length")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )
    op.create_index(
        op.f("ix_organisation_follower_count_id"),
        "organisation",
        ["follower_count", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_organisation_name_id"), "organisation", ["name", "id"], unique=False)
    op.create_index(
        "ix_organisation_name_trgm",
        "organisation",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_organisation_sector_id"), "organisation", ["sector", "id"], unique=False
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.Column(
            "locale",
            sa.Enum(
                "NL", "EN", name="locale", native_enum=False, create_constraint=True, length=32
            ),
            server_default="NL",
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "PUBLIC",
                "NETWORK",
                "COLLEAGUES",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="NETWORK",
            nullable=False,
        ),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "email ~ '^[^@[:space:]]+@[^@[:space:]]+$'", name=op.f("ck_person_email")
        ),
        sa.CheckConstraint("char_length(headline) <= 220", name=op.f("ck_person_headline_length")),
        sa.CheckConstraint(
            "char_length(name) between 1 and 120", name=op.f("ck_person_name_length")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_index(op.f("ix_person_name_id"), "person", ["name", "id"], unique=False)
    op.create_index(
        "ix_person_name_trgm",
        "person",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_person_headline_trgm",
        "person",
        ["headline"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"headline": "gin_trgm_ops"},
    )
    op.create_table(
        "skill_domain",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("label_nl", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_domain")),
        sa.UniqueConstraint("slug", name=op.f("uq_skill_domain_slug")),
    )
    op.create_table(
        "access_token",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(secret_hash) = 32", name=op.f("ck_access_token_secret_hash")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_access_token_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_access_token_secret_hash")),
    )
    op.create_index(
        op.f("ix_access_token_person_id_id"), "access_token", ["person_id", "id"], unique=False
    )
    op.create_table(
        "follow",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("in_feed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("notify", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("prioritise", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_follow_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_follow_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint(
            "person_id", "organisation_id", name=op.f("uq_follow_person_id_organisation_id")
        ),
    )
    op.create_index(
        op.f("ix_follow_organisation_id_id"), "follow", ["organisation_id", "id"], unique=False
    )
    op.create_index(op.f("ix_follow_person_id_id"), "follow", ["person_id", "id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "OWNER",
                "ADMIN",
                "TALENT_MANAGER",
                "EDITOR",
                "MEMBER",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="MEMBER",
            nullable=False,
        ),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("started_on", sa.Date(), server_default=sa.text("current_date"), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ended_on is null or ended_on >= started_on", name=op.f("ck_membership_dates")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_membership_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_membership_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "person_id",
            "organisation_id",
            "started_on",
            name=op.f("uq_membership_person_id_organisation_id_started_on"),
        ),
    )
    op.create_index(
        op.f("ix_membership_organisation_id_id"),
        "membership",
        ["organisation_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_membership_current",
        "membership",
        ["person_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "NL", "EN", name="language", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "audience",
            sa.Enum(
                "PUBLIC",
                "NETWORK",
                "FOLLOWERS",
                "ORGANISATION",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="NETWORK",
            nullable=False,
        ),
        sa.Column("import_key", sa.Text(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reaction_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "char_length(body) between 1 and 5000", name=op.f("ck_post_body_length")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_post_author_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_post_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint(
            "organisation_id", "import_key", name=op.f("uq_post_organisation_id_import_key")
        ),
    )
    op.create_index(op.f("ix_post_author_id_id"), "post", ["author_id", "id"], unique=False)
    op.create_index(
        "ix_post_internal",
        "post",
        ["organisation_id", "id"],
        unique=False,
        postgresql_where=sa.text("audience = 'ORGANISATION'"),
    )
    op.create_index(
        op.f("ix_post_organisation_id_id"), "post", ["organisation_id", "id"], unique=False
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(secret_hash) = 32", name=op.f("ck_session_secret_hash")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_session_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_session_secret_hash")),
    )
    op.create_index(op.f("ix_session_person_id_id"), "session", ["person_id", "id"], unique=False)
    op.create_table(
        "skill_cluster",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("domain_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("label_nl", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["skill_domain.id"],
            name=op.f("fk_skill_cluster_domain_id_skill_domain"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_cluster")),
        sa.UniqueConstraint("slug", name=op.f("uq_skill_cluster_slug")),
    )
    op.create_index(
        op.f("ix_skill_cluster_domain_id_position"),
        "skill_cluster",
        ["domain_id", "position"],
        unique=False,
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "char_length(body) between 1 and 2000", name=op.f("ck_comment_body_length")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["person.id"],
            name=op.f("fk_comment_author_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["comment.id"],
            name=op.f("fk_comment_parent_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_comment_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_author_id"), "comment", ["author_id"], unique=False)
    op.create_index(
        op.f("ix_comment_parent_id_id"),
        "comment",
        ["parent_id", "id"],
        unique=False,
        postgresql_where=sa.text("parent_id is not null"),
    )
    op.create_index(op.f("ix_comment_post_id_id"), "comment", ["post_id", "id"], unique=False)
    op.create_table(
        "reaction",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "LIKE",
                "CELEBRATE",
                "INSIGHTFUL",
                "SUPPORT",
                "CURIOUS",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_reaction_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_reaction_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reaction")),
        sa.UniqueConstraint("post_id", "person_id", name=op.f("uq_reaction_post_id_person_id")),
    )
    op.create_index(op.f("ix_reaction_person_id"), "reaction", ["person_id"], unique=False)
    op.create_index(op.f("ix_reaction_post_id_id"), "reaction", ["post_id", "id"], unique=False)
    op.create_table(
        "skill",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "SKILL",
                "KNOWLEDGE",
                "LANGUAGE",
                "TRANSVERSAL",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("label_nl", sa.Text(), nullable=False),
        sa.Column("esco_uri", sa.Text(), nullable=True),
        sa.Column("person_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"],
            ["skill_cluster.id"],
            name=op.f("fk_skill_cluster_id_skill_cluster"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
        sa.UniqueConstraint("esco_uri", name=op.f("uq_skill_esco_uri")),
        sa.UniqueConstraint("slug", name=op.f("uq_skill_slug")),
    )
    op.create_index(op.f("ix_skill_cluster_id_id"), "skill", ["cluster_id", "id"], unique=False)
    op.create_index(op.f("ix_skill_label_en_id"), "skill", ["label_en", "id"], unique=False)
    op.create_index(op.f("ix_skill_label_nl_id"), "skill", ["label_nl", "id"], unique=False)
    op.create_table(
        "organisation_strength",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "char_length(statement) <= 280", name=op.f("ck_organisation_strength_statement_length")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_strength_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"],
            ["skill.id"],
            name=op.f("fk_organisation_strength_skill_id_skill"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_strength")),
        sa.UniqueConstraint(
            "organisation_id",
            "skill_id",
            name=op.f("uq_organisation_strength_organisation_id_skill_id"),
        ),
    )
    op.create_index(
        op.f("ix_organisation_strength_skill_id_organisation_id"),
        "organisation_strength",
        ["skill_id", "organisation_id"],
        unique=False,
    )
    op.create_table(
        "person_skill",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "char_length(evidence) <= 500", name=op.f("ck_person_skill_evidence_length")
        ),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_person_skill_level")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_person_skill_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"],
            ["skill.id"],
            name=op.f("fk_person_skill_skill_id_skill"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_skill")),
        sa.UniqueConstraint(
            "person_id", "skill_id", name=op.f("uq_person_skill_person_id_skill_id")
        ),
    )
    op.create_index(
        op.f("ix_person_skill_skill_id_level_id"),
        "person_skill",
        ["skill_id", "level", "id"],
        unique=False,
    )
    op.create_table(
        "skill_relation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "BROADER",
                "RELATED",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_skill_relation_distinct")),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["skill.id"],
            name=op.f("fk_skill_relation_source_id_skill"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["skill.id"],
            name=op.f("fk_skill_relation_target_id_skill"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_relation")),
        sa.UniqueConstraint(
            "source_id", "target_id", name=op.f("uq_skill_relation_source_id_target_id")
        ),
    )
    op.create_index(
        op.f("ix_skill_relation_target_id_source_id"),
        "skill_relation",
        ["target_id", "source_id"],
        unique=False,
    )
    op.create_table(
        "skill_term",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "NL", "EN", name="language", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("preferred", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["skill_id"],
            ["skill.id"],
            name=op.f("fk_skill_term_skill_id_skill"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_term")),
        sa.UniqueConstraint(
            "skill_id", "language", "folded", name=op.f("uq_skill_term_skill_id_language_folded")
        ),
    )
    op.create_index(op.f("ix_skill_term_folded"), "skill_term", ["folded"], unique=False)
    op.create_index(
        "ix_skill_term_folded_trgm",
        "skill_term",
        ["folded"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_follow_in_feed",
        "follow",
        ["person_id", "organisation_id"],
        postgresql_where=sa.text("in_feed"),
    )
    op.create_index(
        "ix_organisation_last_post",
        "organisation",
        ["id"],
        postgresql_include=["last_post_id", "suspended_at"],
    )
    op.create_index(
        "ix_post_for_followers",
        "post",
        ["organisation_id", "id"],
        postgresql_where=sa.text("audience <> 'ORGANISATION'"),
    )


def downgrade() -> None:
    op.drop_index("ix_post_for_followers", table_name="post")
    op.drop_index("ix_organisation_last_post", table_name="organisation")
    op.drop_index("ix_follow_in_feed", table_name="follow")
    op.drop_index(
        "ix_skill_term_folded_trgm",
        table_name="skill_term",
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_skill_term_folded"), table_name="skill_term")
    op.drop_table("skill_term")
    op.drop_index(op.f("ix_skill_relation_target_id_source_id"), table_name="skill_relation")
    op.drop_table("skill_relation")
    op.drop_index(op.f("ix_person_skill_skill_id_level_id"), table_name="person_skill")
    op.drop_table("person_skill")
    op.drop_index(
        op.f("ix_organisation_strength_skill_id_organisation_id"),
        table_name="organisation_strength",
    )
    op.drop_table("organisation_strength")
    op.drop_index(op.f("ix_skill_label_nl_id"), table_name="skill")
    op.drop_index(op.f("ix_skill_label_en_id"), table_name="skill")
    op.drop_index(op.f("ix_skill_cluster_id_id"), table_name="skill")
    op.drop_table("skill")
    op.drop_index(op.f("ix_reaction_post_id_id"), table_name="reaction")
    op.drop_index(op.f("ix_reaction_person_id"), table_name="reaction")
    op.drop_table("reaction")
    op.drop_index(op.f("ix_comment_post_id_id"), table_name="comment")
    op.drop_index(
        op.f("ix_comment_parent_id_id"),
        table_name="comment",
        postgresql_where=sa.text("parent_id is not null"),
    )
    op.drop_index(op.f("ix_comment_author_id"), table_name="comment")
    op.drop_table("comment")
    op.drop_index(op.f("ix_skill_cluster_domain_id_position"), table_name="skill_cluster")
    op.drop_table("skill_cluster")
    op.drop_index(op.f("ix_session_person_id_id"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_post_organisation_id_id"), table_name="post")
    op.drop_index(
        "ix_post_internal", table_name="post", postgresql_where=sa.text("audience = 'ORGANISATION'")
    )
    op.drop_index(op.f("ix_post_author_id_id"), table_name="post")
    op.drop_table("post")
    op.drop_index(
        "uq_membership_current",
        table_name="membership",
        postgresql_where=sa.text("ended_on is null"),
    )
    op.drop_index(op.f("ix_membership_organisation_id_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_follow_person_id_id"), table_name="follow")
    op.drop_index(op.f("ix_follow_organisation_id_id"), table_name="follow")
    op.drop_table("follow")
    op.drop_index(op.f("ix_access_token_person_id_id"), table_name="access_token")
    op.drop_table("access_token")
    op.drop_table("skill_domain")
    op.drop_index(
        "ix_person_headline_trgm",
        table_name="person",
        postgresql_using="gin",
        postgresql_ops={"headline": "gin_trgm_ops"},
    )
    op.drop_index(
        "ix_person_name_trgm",
        table_name="person",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_person_name_id"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_organisation_sector_id"), table_name="organisation")
    op.drop_index(
        "ix_organisation_name_trgm",
        table_name="organisation",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_organisation_name_id"), table_name="organisation")
    op.drop_index(op.f("ix_organisation_follower_count_id"), table_name="organisation")
    op.drop_table("organisation")
