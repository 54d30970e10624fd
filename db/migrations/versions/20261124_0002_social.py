"""What people do: accounts, organisations, publishing, following, telling, moderating, events.

Revision: 0002, after 0001. Each index serves the read that is named beside it in `db/tables`.
Two deploys: a column is first added and filled, code moves over, and only a later migration
removes what nobody reads any more. Import no model here: this text must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHECKS = (
    (
        "post",
        "audience",
        "audience in ('PUBLIC', 'NETWORK', 'FOLLOWERS', 'PARTNERS', 'ORGANISATION')",
    ),
    ("post", "body_length", "char_length(body) <= 5000"),
    ("post", "body_present", "body <> '' or kind = 'REPOST'"),
    ("comment", "body_length", "char_length(body) <= 2000"),
    ("comment", "body_present", "(body = '') = (deleted_at is not null)"),
)
OLD_CHECKS = (
    ("post", "audience", "audience in ('PUBLIC', 'NETWORK', 'FOLLOWERS', 'ORGANISATION')"),
    ("post", "body_length", "char_length(body) between 1 and 5000"),
    ("comment", "body_length", "char_length(body) between 1 and 2000"),
)


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "transaction_id",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text::bigint)"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column(
            "ids", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_created_at"), "event", ["created_at"], unique=False)
    op.create_index(
        op.f("ix_event_transaction_id_id"), "event", ["transaction_id", "id"], unique=False
    )
    op.create_table(
        "throttle",
        sa.Column("bucket", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_throttle")),
    )
    op.create_index(
        op.f("ix_throttle_last_failed_at"), "throttle", ["last_failed_at"], unique=False
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column(
            "details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["person.id"],
            name=op.f("fk_audit_entry_actor_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_audit_entry_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_actor_id"), "audit_entry", ["actor_id"], unique=False)
    op.create_index(
        op.f("ix_audit_entry_organisation_id_id"),
        "audit_entry",
        ["organisation_id", "id"],
        unique=False,
    )
    op.create_table(
        "block",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("blocked_person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("by_organisation", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "not by_organisation or organisation_id is not null", name=op.f("ck_block_by_whom")
        ),
        sa.CheckConstraint(
            "num_nonnulls(blocked_person_id, organisation_id) = 1",
            name=op.f("ck_block_one_subject"),
        ),
        sa.CheckConstraint("person_id <> blocked_person_id", name=op.f("ck_block_not_oneself")),
        sa.ForeignKeyConstraint(
            ["blocked_person_id"],
            ["person.id"],
            name=op.f("fk_block_blocked_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_block_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_block_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint(
            "person_id", "blocked_person_id", name=op.f("uq_block_person_id_blocked_person_id")
        ),
        sa.UniqueConstraint(
            "person_id",
            "organisation_id",
            "by_organisation",
            name=op.f("uq_block_person_id_organisation_id_by_organisation"),
        ),
    )
    op.create_index(
        op.f("ix_block_blocked_person_id"), "block", ["blocked_person_id"], unique=False
    )
    op.create_index(op.f("ix_block_organisation_id"), "block", ["organisation_id"], unique=False)
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum(
                "SIGN_UP",
                "VERIFY_EMAIL",
                "CHANGE_EMAIL",
                "RESET_PASSWORD",
                "SECOND_FACTOR",
                "PASSKEY_REGISTRATION",
                "PASSKEY_SIGN_IN",
                "SINGLE_SIGN_ON",
                "VERIFY_DOMAIN",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("email", postgresql.CITEXT(), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(secret_hash) = 32", name=op.f("ck_challenge_secret_hash")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_challenge_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_challenge_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_challenge_secret_hash")),
    )
    op.create_index(op.f("ix_challenge_expires_at"), "challenge", ["expires_at"], unique=False)
    op.create_index(
        op.f("ix_challenge_person_id_purpose"), "challenge", ["person_id", "purpose"], unique=False
    )
    op.create_table(
        "domain_claim",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("domain", postgresql.CITEXT(), nullable=False),
        sa.Column(
            "proof",
            sa.Enum(
                "DNS", "EMAIL", name="proof", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"],
            ["person.id"],
            name=op.f("fk_domain_claim_claimed_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_domain_claim_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain_claim")),
        sa.UniqueConstraint(
            "organisation_id", "domain", name=op.f("uq_domain_claim_organisation_id_domain")
        ),
    )
    op.create_index(
        "uq_domain_claim_verified",
        "domain_claim",
        ["domain"],
        unique=True,
        postgresql_where=sa.text("verified_at is not null"),
    )
    op.create_table(
        "feed_visit",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seen_post_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_feed_visit_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_feed_visit")),
    )
    op.create_table(
        "idempotency_record",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.LargeBinary(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "char_length(key) between 1 and 120", name=op.f("ck_idempotency_record_key_length")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_idempotency_record_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_idempotency_record")),
    )
    op.create_index(
        op.f("ix_idempotency_record_created_at"), "idempotency_record", ["created_at"], unique=False
    )
    op.create_table(
        "identity_provider",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("sealed_client_secret", sa.LargeBinary(), nullable=False),
        sa.Column("email_domain", postgresql.CITEXT(), nullable=False),
        sa.Column(
            "default_role",
            sa.Enum(
                "OWNER",
                "ADMIN",
                "TALENT_MANAGER",
                "EDITOR",
                "MEMBER",
                name="default_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="MEMBER",
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_identity_provider_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_provider")),
        sa.UniqueConstraint("email_domain", name=op.f("uq_identity_provider_email_domain")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_identity_provider_organisation_id")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["person.id"],
            name=op.f("fk_invitation_invited_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_invitation_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_secret_hash")),
    )
    op.create_index(op.f("ix_invitation_email_id"), "invitation", ["email", "id"], unique=False)
    op.create_index(
        op.f("ix_invitation_organisation_id_id"),
        "invitation",
        ["organisation_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_invitation_open",
        "invitation",
        ["organisation_id", "email"],
        unique=True,
        postgresql_where=sa.text("answered_at is null and revoked_at is null"),
    )
    op.create_table(
        "join_request",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "PENDING",
                "ACCEPTED",
                "DECLINED",
                "WITHDRAWN",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="PENDING",
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "char_length(message) <= 1000", name=op.f("ck_join_request_message_length")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_join_request_decided_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_join_request_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_join_request_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
    )
    op.create_index(
        op.f("ix_join_request_organisation_id_id"),
        "join_request",
        ["organisation_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_join_request_person_id_id"), "join_request", ["person_id", "id"], unique=False
    )
    op.create_index(
        "uq_join_request_pending",
        "join_request",
        ["organisation_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("outcome = 'PENDING'"),
    )
    op.create_table(
        "notification_preference",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "POST_PUBLISHED",
                "POST_COMMENTED",
                "POST_REACTED",
                "POST_REPOSTED",
                "COMMENT_REPLIED",
                "MENTIONED",
                "ANSWER_CHOSEN",
                "FOLLOWED",
                "INVITED",
                "JOIN_REQUESTED",
                "JOIN_DECIDED",
                "ROLE_CHANGED",
                "PARTNERSHIP_REQUESTED",
                "PARTNERSHIP_DECIDED",
                "SAVED_SEARCH_FOUND",
                "SCHEDULED_POST_REFUSED",
                "MODERATED",
                "APPEAL_DECIDED",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("email", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_notification_preference_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notification_preference")),
    )
    op.create_table(
        "partnership",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("requester_id", sa.Uuid(), nullable=False),
        sa.Column("addressee_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "REQUESTED",
                "ACTIVE",
                "DECLINED",
                "ENDED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="REQUESTED",
            nullable=False,
        ),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "char_length(message) <= 1000", name=op.f("ck_partnership_message_length")
        ),
        sa.CheckConstraint(
            "requester_id <> addressee_id", name=op.f("ck_partnership_two_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["addressee_id"],
            ["organisation.id"],
            name=op.f("fk_partnership_addressee_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_partnership_decided_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["person.id"],
            name=op.f("fk_partnership_requested_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"],
            ["organisation.id"],
            name=op.f("fk_partnership_requester_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
    )
    op.create_index(
        op.f("ix_partnership_addressee_id_id"), "partnership", ["addressee_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_partnership_requester_id_id"), "partnership", ["requester_id", "id"], unique=False
    )
    op.create_index(
        "uq_partnership_pair",
        "partnership",
        [
            sa.literal_column("least(requester_id, addressee_id)"),
            sa.literal_column("greatest(requester_id, addressee_id)"),
        ],
        unique=True,
        postgresql_where=sa.text("status in ('REQUESTED', 'ACTIVE')"),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "char_length(name) between 1 and 80", name=op.f("ck_passkey_name_length")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_passkey_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_person_id_id"), "passkey", ["person_id", "id"], unique=False)
    op.create_table(
        "password_credential",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_password_credential_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_password_credential")),
    )
    op.create_table(
        "person_follow",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("followed_id", sa.Uuid(), nullable=False),
        sa.Column("in_feed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("notify", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("prioritise", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("person_id <> followed_id", name=op.f("ck_person_follow_not_oneself")),
        sa.ForeignKeyConstraint(
            ["followed_id"],
            ["person.id"],
            name=op.f("fk_person_follow_followed_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_person_follow_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_follow")),
        sa.UniqueConstraint(
            "person_id", "followed_id", name=op.f("uq_person_follow_person_id_followed_id")
        ),
    )
    op.create_index(
        op.f("ix_person_follow_followed_id_id"),
        "person_follow",
        ["followed_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_person_follow_person_id_id"), "person_follow", ["person_id", "id"], unique=False
    )
    op.create_table(
        "post_draft",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "MESSAGE",
                "QUESTION",
                "REPOST",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="MESSAGE",
            nullable=False,
        ),
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
                "PARTNERS",
                "ORGANISATION",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="NETWORK",
            nullable=False,
        ),
        sa.Column("skill_ids", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("media_ids", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("char_length(body) <= 5000", name=op.f("ck_post_draft_body_length")),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["person.id"],
            name=op.f("fk_post_draft_author_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_post_draft_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_draft")),
    )
    op.create_index(op.f("ix_post_draft_author_id"), "post_draft", ["author_id"], unique=False)
    op.create_index(
        "ix_post_draft_due",
        "post_draft",
        ["scheduled_for"],
        unique=False,
        postgresql_where=sa.text("scheduled_for is not null and refused_at is null"),
    )
    op.create_index(
        op.f("ix_post_draft_organisation_id_id"),
        "post_draft",
        ["organisation_id", "id"],
        unique=False,
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_recovery_code_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "person_id", "code_hash", name=op.f("uq_recovery_code_person_id_code_hash")
        ),
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), server_default="", nullable=False),
        sa.Column("skill_ids", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("organisation_ids", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("notify", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_post_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "char_length(name) between 1 and 80", name=op.f("ck_saved_search_name_length")
        ),
        sa.CheckConstraint("char_length(query) <= 200", name=op.f("ck_saved_search_query_length")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_saved_search_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index(
        op.f("ix_saved_search_person_id_id"), "saved_search", ["person_id", "id"], unique=False
    )
    op.create_table(
        "totp_credential",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_totp_credential_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_totp_credential")),
    )
    op.create_table(
        "bookmark",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_bookmark_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_bookmark_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookmark")),
        sa.UniqueConstraint("person_id", "post_id", name=op.f("uq_bookmark_person_id_post_id")),
    )
    op.create_index(op.f("ix_bookmark_person_id_id"), "bookmark", ["person_id", "id"], unique=False)
    op.create_index(op.f("ix_bookmark_post_id"), "bookmark", ["post_id"], unique=False)
    op.create_table(
        "external_identity",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_external_identity_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["identity_provider.id"],
            name=op.f("fk_external_identity_provider_id_identity_provider"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identity")),
        sa.UniqueConstraint(
            "provider_id", "subject", name=op.f("uq_external_identity_provider_id_subject")
        ),
    )
    op.create_index(
        op.f("ix_external_identity_person_id"), "external_identity", ["person_id"], unique=False
    )
    op.create_table(
        "media",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "LOGO",
                "BANNER",
                "AVATAR",
                "IMAGE",
                "FILE",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("alt_text", sa.Text(), server_default="", nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.CheckConstraint("char_length(alt_text) <= 500", name=op.f("ck_media_alt_text_length")),
        sa.CheckConstraint("num_nonnulls(width, height) in (0, 2)", name=op.f("ck_media_size")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_media_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_media_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"],
            ["person.id"],
            name=op.f("fk_media_uploaded_by_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_media_storage_key")),
    )
    op.create_index(
        op.f("ix_media_post_id_position"), "media", ["post_id", "position"], unique=False
    )
    op.create_index(
        op.f("ix_media_uploaded_by_id_id"), "media", ["uploaded_by_id", "id"], unique=False
    )
    op.create_table(
        "post_revision",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edited_by_id"],
            ["person.id"],
            name=op.f("fk_post_revision_edited_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_revision_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_revision")),
    )
    op.create_index(
        op.f("ix_post_revision_edited_by_id"), "post_revision", ["edited_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_post_revision_post_id_id"), "post_revision", ["post_id", "id"], unique=False
    )
    op.create_table(
        "mention",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(person_id, organisation_id) = 1", name=op.f("ck_mention_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_mention_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_mention_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_mention_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_mention_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint(
            "post_id",
            "comment_id",
            "person_id",
            name=op.f("uq_mention_post_id_comment_id_person_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_mention_comment_id"), "mention", ["comment_id"], unique=False)
    op.create_index(
        op.f("ix_mention_organisation_id_id"), "mention", ["organisation_id", "id"], unique=False
    )
    op.create_index(op.f("ix_mention_person_id_id"), "mention", ["person_id", "id"], unique=False)
    op.create_table(
        "moderation_action",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("moderator_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "HIDE",
                "WARN",
                "SUSPEND",
                "RESTORE",
                "DISMISS",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "rule",
            sa.Enum(
                "SPAM",
                "HARASSMENT",
                "HATE",
                "MISINFORMATION",
                "CONFIDENTIAL",
                "IMPERSONATION",
                "ILLEGAL",
                "OTHER",
                name="rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("addressee_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "char_length(reason) between 1 and 2000",
            name=op.f("ck_moderation_action_reason_length"),
        ),
        sa.ForeignKeyConstraint(
            ["addressee_id"],
            ["person.id"],
            name=op.f("fk_moderation_action_addressee_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_moderation_action_comment_id_comment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["person.id"],
            name=op.f("fk_moderation_action_moderator_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_moderation_action_organisation_id_organisation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_moderation_action_person_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
            name=op.f("fk_moderation_action_post_id_post"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_action")),
    )
    op.create_index(
        op.f("ix_moderation_action_addressee_id_id"),
        "moderation_action",
        ["addressee_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_moderation_action_comment_id"), "moderation_action", ["comment_id"], unique=False
    )
    op.create_index(
        op.f("ix_moderation_action_moderator_id"),
        "moderation_action",
        ["moderator_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_moderation_action_organisation_id"),
        "moderation_action",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_moderation_action_person_id"), "moderation_action", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_moderation_action_post_id"), "moderation_action", ["post_id"], unique=False
    )
    op.create_table(
        "mute",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("muted_person_id", sa.Uuid(), nullable=True),
        sa.Column("skill_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(organisation_id, muted_person_id, skill_id) = 1",
            name=op.f("ck_mute_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["muted_person_id"],
            ["person.id"],
            name=op.f("fk_mute_muted_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_mute_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mute_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skill.id"], name=op.f("fk_mute_skill_id_skill"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mute")),
        sa.UniqueConstraint(
            "person_id", "muted_person_id", name=op.f("uq_mute_person_id_muted_person_id")
        ),
        sa.UniqueConstraint(
            "person_id", "organisation_id", name=op.f("uq_mute_person_id_organisation_id")
        ),
        sa.UniqueConstraint("person_id", "skill_id", name=op.f("uq_mute_person_id_skill_id")),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "POST_PUBLISHED",
                "POST_COMMENTED",
                "POST_REACTED",
                "POST_REPOSTED",
                "COMMENT_REPLIED",
                "MENTIONED",
                "ANSWER_CHOSEN",
                "FOLLOWED",
                "INVITED",
                "JOIN_REQUESTED",
                "JOIN_DECIDED",
                "ROLE_CHANGED",
                "PARTNERSHIP_REQUESTED",
                "PARTNERSHIP_DECIDED",
                "SAVED_SEARCH_FOUND",
                "SCHEDULED_POST_REFUSED",
                "MODERATED",
                "APPEAL_DECIDED",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("actor_ids", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("actor_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_notification_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_notification_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_notification_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_notification_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index(
        op.f("ix_notification_person_id_changed_at_id"),
        "notification",
        ["person_id", "changed_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_notification_unread",
        "notification",
        ["person_id", "kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("read_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "post_skill",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_skill_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"],
            ["skill.id"],
            name=op.f("fk_post_skill_skill_id_skill"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", "skill_id", name=op.f("pk_post_skill")),
    )
    op.create_index(
        op.f("ix_post_skill_skill_id_post_id"), "post_skill", ["skill_id", "post_id"], unique=False
    )
    op.create_table(
        "skill_follow",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("in_feed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("notify", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("prioritise", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_skill_follow_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"],
            ["skill.id"],
            name=op.f("fk_skill_follow_skill_id_skill"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_follow")),
        sa.UniqueConstraint(
            "person_id", "skill_id", name=op.f("uq_skill_follow_person_id_skill_id")
        ),
    )
    op.create_index(
        op.f("ix_skill_follow_person_id_id"), "skill_follow", ["person_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_skill_follow_skill_id_id"), "skill_follow", ["skill_id", "id"], unique=False
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("appellant_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "OPEN",
                "GRANTED",
                "REJECTED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="OPEN",
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "char_length(text) between 1 and 2000", name=op.f("ck_appeal_text_length")
        ),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["moderation_action.id"],
            name=op.f("fk_appeal_action_id_moderation_action"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["appellant_id"],
            ["person.id"],
            name=op.f("fk_appeal_appellant_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_appeal_decided_by_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index(op.f("ix_appeal_appellant_id"), "appeal", ["appellant_id"], unique=False)
    op.create_index(
        "ix_appeal_queue",
        "appeal",
        ["id"],
        unique=False,
        postgresql_where=sa.text("status = 'OPEN'"),
    )
    op.create_index("uq_appeal_action", "appeal", ["action_id"], unique=True)
    op.create_table(
        "notification_actor",
        sa.Column("notification_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notification.id"],
            name=op.f("fk_notification_actor_notification_id_notification"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_notification_actor_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notification_id", "person_id", name=op.f("pk_notification_actor")),
    )
    op.create_index(
        op.f("ix_notification_actor_person_id"), "notification_actor", ["person_id"], unique=False
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "SPAM",
                "HARASSMENT",
                "HATE",
                "MISINFORMATION",
                "CONFIDENTIAL",
                "IMPERSONATION",
                "ILLEGAL",
                "OTHER",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "OPEN",
                "UPHELD",
                "DISMISSED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="OPEN",
            nullable=False,
        ),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("char_length(text) <= 2000", name=op.f("ck_report_text_length")),
        sa.CheckConstraint(
            "num_nonnulls(post_id, comment_id, person_id, organisation_id) = 1",
            name=op.f("ck_report_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["moderation_action.id"],
            name=op.f("fk_report_action_id_moderation_action"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_report_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_report_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_report_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_report_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"],
            ["person.id"],
            name=op.f("fk_report_reporter_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_comment_id"), "report", ["comment_id"], unique=False)
    op.create_index(op.f("ix_report_organisation_id"), "report", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_report_person_id"), "report", ["person_id"], unique=False)
    op.create_index(op.f("ix_report_post_id"), "report", ["post_id"], unique=False)
    op.create_index(
        "ix_report_queue",
        "report",
        ["id"],
        unique=False,
        postgresql_where=sa.text("status = 'OPEN'"),
    )
    op.create_index(op.f("ix_report_reporter_id_id"), "report", ["reporter_id", "id"], unique=False)
    op.create_index(
        "uq_report_open",
        "report",
        [
            "reporter_id",
            sa.literal_column("coalesce(post_id, comment_id, person_id, organisation_id)"),
        ],
        unique=True,
        postgresql_where=sa.text("status = 'OPEN'"),
    )
    op.add_column(
        "access_token",
        sa.Column(
            "scopes", sa.ARRAY(sa.Text()), server_default=sa.text("'{READ,WRITE}'"), nullable=False
        ),
    )
    op.add_column("comment", sa.Column("body_html", sa.Text(), nullable=True))
    op.add_column("comment", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("comment", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "comment", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column("organisation", sa.Column("about_html", sa.Text(), nullable=True))
    op.add_column(
        "organisation",
        sa.Column("further_sectors", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column(
        "organisation",
        sa.Column("further_locations", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("organisation", sa.Column("banner_url", sa.Text(), nullable=True))
    op.add_column(
        "organisation",
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
    )
    op.add_column(
        "person",
        sa.Column(
            "digest",
            sa.Enum(
                "NONE",
                "DAILY",
                "WEEKLY",
                name="digest",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="WEEKLY",
            nullable=False,
        ),
    )
    op.add_column(
        "person",
        sa.Column("is_moderator", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "person", sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("person", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "person", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column("person", sa.Column("last_post_id", sa.Uuid(), nullable=True))
    op.add_column(
        "post",
        sa.Column(
            "kind",
            sa.Enum(
                "MESSAGE",
                "QUESTION",
                "REPOST",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="MESSAGE",
            nullable=False,
        ),
    )
    op.add_column("post", sa.Column("body_html", sa.Text(), nullable=True))
    op.add_column("post", sa.Column("repost_of_id", sa.Uuid(), nullable=True))
    op.add_column("post", sa.Column("best_answer_id", sa.Uuid(), nullable=True))
    op.add_column("post", sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("post", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "post", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column(
        "post", sa.Column("repost_count", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.drop_index(
        op.f("ix_post_internal"),
        table_name="post",
        postgresql_where="((audience)::text = 'ORGANISATION'::text)",
    )
    op.create_index(
        "ix_post_for_fewer",
        "post",
        ["organisation_id", "id"],
        unique=False,
        postgresql_where=sa.text(
            "(audience = 'PARTNERS' or audience = 'ORGANISATION') and hidden_at is null"
        ),
    )
    op.create_index(
        "ix_post_pinned",
        "post",
        ["organisation_id", "pinned_at"],
        unique=False,
        postgresql_where=sa.text("pinned_at is not null"),
    )
    op.create_index(
        "ix_post_repost_of",
        "post",
        ["repost_of_id", "id"],
        unique=False,
        postgresql_where=sa.text("kind = 'REPOST'"),
    )
    op.create_foreign_key(
        op.f("fk_post_repost_of_id_post"),
        "post",
        "post",
        ["repost_of_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column(
        "session",
        sa.Column(
            "method",
            sa.Enum(
                "PASSWORD",
                "PASSKEY",
                "SINGLE_SIGN_ON",
                "EMAIL",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="PASSWORD",
            nullable=False,
        ),
    )
    op.add_column("session", sa.Column("address", sa.Text(), nullable=True))
    op.drop_index("ix_post_for_followers", table_name="post")
    op.create_index(
        "ix_post_for_followers",
        "post",
        ["organisation_id", "id"],
        postgresql_where=sa.text(
            "audience <> 'PARTNERS' and audience <> 'ORGANISATION' and hidden_at is null"
        ),
    )
    op.execute(
        "update person set last_post_id = newest.id from ("
        " select distinct on (author_id) author_id, id from post"
        " where audience <> 'ORGANISATION' order by author_id, id desc"
        ") as newest where newest.author_id = person.id"
    )
    for table, name, rule in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check", if_exists=True)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def downgrade() -> None:
    # What the older rules do not allow goes, or becomes what is nearest.
    op.execute("delete from post where body = ''")
    op.execute("delete from comment where body = ''")
    op.execute("update post set audience = 'ORGANISATION' where audience = 'PARTNERS'")
    for table, name, _ in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    for table, name, rule in OLD_CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
    op.drop_index("ix_post_for_followers", table_name="post")
    op.create_index(
        "ix_post_for_followers",
        "post",
        ["organisation_id", "id"],
        postgresql_where=sa.text("audience <> 'ORGANISATION'"),
    )
    op.drop_column("session", "address")
    op.drop_column("session", "method")
    op.drop_constraint(op.f("fk_post_repost_of_id_post"), "post", type_="foreignkey")
    op.drop_index(
        "ix_post_repost_of", table_name="post", postgresql_where=sa.text("kind = 'REPOST'")
    )
    op.drop_index(
        "ix_post_pinned", table_name="post", postgresql_where=sa.text("pinned_at is not null")
    )
    op.drop_index(
        "ix_post_for_fewer",
        table_name="post",
        postgresql_where=sa.text(
            "(audience = 'PARTNERS' or audience = 'ORGANISATION') and hidden_at is null"
        ),
    )
    op.create_index(
        op.f("ix_post_internal"),
        "post",
        ["organisation_id", "id"],
        unique=False,
        postgresql_where="((audience)::text = 'ORGANISATION'::text)",
    )
    op.drop_column("post", "repost_count")
    op.drop_column("post", "version")
    op.drop_column("post", "hidden_at")
    op.drop_column("post", "pinned_at")
    op.drop_column("post", "best_answer_id")
    op.drop_column("post", "repost_of_id")
    op.drop_column("post", "body_html")
    op.drop_column("post", "kind")
    op.drop_column("person", "last_post_id")
    op.drop_column("person", "version")
    op.drop_column("person", "erased_at")
    op.drop_column("person", "suspended_at")
    op.drop_column("person", "email_verified_at")
    op.drop_column("person", "is_moderator")
    op.drop_column("person", "digest")
    op.drop_column("organisation", "version")
    op.drop_column("organisation", "banner_url")
    op.drop_column("organisation", "further_locations")
    op.drop_column("organisation", "further_sectors")
    op.drop_column("organisation", "about_html")
    op.drop_column("comment", "version")
    op.drop_column("comment", "hidden_at")
    op.drop_column("comment", "deleted_at")
    op.drop_column("comment", "body_html")
    op.drop_column("access_token", "scopes")
    op.drop_index(
        "uq_report_open", table_name="report", postgresql_where=sa.text("status = 'OPEN'")
    )
    op.drop_index(op.f("ix_report_reporter_id_id"), table_name="report")
    op.drop_index(
        "ix_report_queue", table_name="report", postgresql_where=sa.text("status = 'OPEN'")
    )
    op.drop_index(op.f("ix_report_post_id"), table_name="report")
    op.drop_index(op.f("ix_report_person_id"), table_name="report")
    op.drop_index(op.f("ix_report_organisation_id"), table_name="report")
    op.drop_index(op.f("ix_report_comment_id"), table_name="report")
    op.drop_table("report")
    op.drop_index(op.f("ix_notification_actor_person_id"), table_name="notification_actor")
    op.drop_table("notification_actor")
    op.drop_index("uq_appeal_action", table_name="appeal")
    op.drop_index(
        "ix_appeal_queue", table_name="appeal", postgresql_where=sa.text("status = 'OPEN'")
    )
    op.drop_index(op.f("ix_appeal_appellant_id"), table_name="appeal")
    op.drop_table("appeal")
    op.drop_index(op.f("ix_skill_follow_skill_id_id"), table_name="skill_follow")
    op.drop_index(op.f("ix_skill_follow_person_id_id"), table_name="skill_follow")
    op.drop_table("skill_follow")
    op.drop_index(op.f("ix_post_skill_skill_id_post_id"), table_name="post_skill")
    op.drop_table("post_skill")
    op.drop_index(
        "uq_notification_unread",
        table_name="notification",
        postgresql_where=sa.text("read_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index(op.f("ix_notification_person_id_changed_at_id"), table_name="notification")
    op.drop_table("notification")
    op.drop_table("mute")
    op.drop_index(op.f("ix_moderation_action_post_id"), table_name="moderation_action")
    op.drop_index(op.f("ix_moderation_action_person_id"), table_name="moderation_action")
    op.drop_index(op.f("ix_moderation_action_organisation_id"), table_name="moderation_action")
    op.drop_index(op.f("ix_moderation_action_moderator_id"), table_name="moderation_action")
    op.drop_index(op.f("ix_moderation_action_comment_id"), table_name="moderation_action")
    op.drop_index(op.f("ix_moderation_action_addressee_id_id"), table_name="moderation_action")
    op.drop_table("moderation_action")
    op.drop_index(op.f("ix_mention_person_id_id"), table_name="mention")
    op.drop_index(op.f("ix_mention_organisation_id_id"), table_name="mention")
    op.drop_index(op.f("ix_mention_comment_id"), table_name="mention")
    op.drop_table("mention")
    op.drop_index(op.f("ix_post_revision_post_id_id"), table_name="post_revision")
    op.drop_index(op.f("ix_post_revision_edited_by_id"), table_name="post_revision")
    op.drop_table("post_revision")
    op.drop_index(op.f("ix_media_uploaded_by_id_id"), table_name="media")
    op.drop_index(op.f("ix_media_post_id_position"), table_name="media")
    op.drop_table("media")
    op.drop_index(op.f("ix_external_identity_person_id"), table_name="external_identity")
    op.drop_table("external_identity")
    op.drop_index(op.f("ix_bookmark_post_id"), table_name="bookmark")
    op.drop_index(op.f("ix_bookmark_person_id_id"), table_name="bookmark")
    op.drop_table("bookmark")
    op.drop_table("totp_credential")
    op.drop_index(op.f("ix_saved_search_person_id_id"), table_name="saved_search")
    op.drop_table("saved_search")
    op.drop_table("recovery_code")
    op.drop_index(op.f("ix_post_draft_organisation_id_id"), table_name="post_draft")
    op.drop_index(
        "ix_post_draft_due",
        table_name="post_draft",
        postgresql_where=sa.text("scheduled_for is not null and refused_at is null"),
    )
    op.drop_index(op.f("ix_post_draft_author_id"), table_name="post_draft")
    op.drop_table("post_draft")
    op.drop_index(op.f("ix_person_follow_person_id_id"), table_name="person_follow")
    op.drop_index(op.f("ix_person_follow_followed_id_id"), table_name="person_follow")
    op.drop_table("person_follow")
    op.drop_table("password_credential")
    op.drop_index(op.f("ix_passkey_person_id_id"), table_name="passkey")
    op.drop_table("passkey")
    op.drop_index(
        "uq_partnership_pair",
        table_name="partnership",
        postgresql_where=sa.text("status in ('REQUESTED', 'ACTIVE')"),
    )
    op.drop_index(op.f("ix_partnership_requester_id_id"), table_name="partnership")
    op.drop_index(op.f("ix_partnership_addressee_id_id"), table_name="partnership")
    op.drop_table("partnership")
    op.drop_table("notification_preference")
    op.drop_index(
        "uq_join_request_pending",
        table_name="join_request",
        postgresql_where=sa.text("outcome = 'PENDING'"),
    )
    op.drop_index(op.f("ix_join_request_person_id_id"), table_name="join_request")
    op.drop_index(op.f("ix_join_request_organisation_id_id"), table_name="join_request")
    op.drop_table("join_request")
    op.drop_index(
        "uq_invitation_open",
        table_name="invitation",
        postgresql_where=sa.text("answered_at is null and revoked_at is null"),
    )
    op.drop_index(op.f("ix_invitation_organisation_id_id"), table_name="invitation")
    op.drop_index(op.f("ix_invitation_email_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("identity_provider")
    op.drop_index(op.f("ix_idempotency_record_created_at"), table_name="idempotency_record")
    op.drop_table("idempotency_record")
    op.drop_table("feed_visit")
    op.drop_index(
        "uq_domain_claim_verified",
        table_name="domain_claim",
        postgresql_where=sa.text("verified_at is not null"),
    )
    op.drop_table("domain_claim")
    op.drop_index(op.f("ix_challenge_person_id_purpose"), table_name="challenge")
    op.drop_index(op.f("ix_challenge_expires_at"), table_name="challenge")
    op.drop_table("challenge")
    op.drop_index(op.f("ix_block_organisation_id"), table_name="block")
    op.drop_index(op.f("ix_block_blocked_person_id"), table_name="block")
    op.drop_table("block")
    op.drop_index(op.f("ix_audit_entry_organisation_id_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_actor_id"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index(op.f("ix_throttle_last_failed_at"), table_name="throttle")
    op.drop_table("throttle")
    op.drop_index(op.f("ix_event_transaction_id_id"), table_name="event")
    op.drop_index(op.f("ix_event_created_at"), table_name="event")
    op.drop_table("event")
