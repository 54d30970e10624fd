"""Exchanges: agreements, signatures, hours, receipts, evidence, endorsements, calendars.

Revision: 0100, after 0091. Each index serves the read that is named beside it in `db/tables`.
Import no model here: this text must mean the same for ever.
"""

from alembic import op

revision = "0100"
down_revision = "0091"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE exchange (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        match_request_id UUID,
        lender_id UUID NOT NULL,
        borrower_id UUID NOT NULL,
        offer_id UUID,
        request_id UUID,
        status VARCHAR(32) DEFAULT 'DRAFT' NOT NULL,
        version INTEGER DEFAULT 1 NOT NULL,
        offered_at TIMESTAMP WITH TIME ZONE,
        agreed_at TIMESTAMP WITH TIME ZONE,
        started_at TIMESTAMP WITH TIME ZONE,
        starts_on DATE,
        ends_on DATE,
        recall_asked_on DATE,
        recall_on DATE,
        recalled_at TIMESTAMP WITH TIME ZONE,
        completed_at TIMESTAMP WITH TIME ZONE,
        cancelled_at TIMESTAMP WITH TIME ZONE,
        end_reason VARCHAR(32),
        end_note TEXT DEFAULT '' NOT NULL,
        CONSTRAINT pk_exchange PRIMARY KEY (id),
        CONSTRAINT ck_exchange_two_organisations
        CHECK (lender_id <> borrower_id),
        CONSTRAINT ck_exchange_cancelled
        CHECK (status <> 'CANCELLED' or end_reason is not null),
        CONSTRAINT ck_exchange_recalled
        CHECK (status <> 'RECALLED' or recall_on is not null),
        CONSTRAINT ck_exchange_end_note_length
        CHECK (char_length(end_note) <= 1000),
        CONSTRAINT uq_exchange_match_request_id UNIQUE (match_request_id),
        CONSTRAINT fk_exchange_match_request_id_match_request
        FOREIGN KEY(match_request_id) REFERENCES match_request (id) ON DELETE SET NULL,
        CONSTRAINT fk_exchange_lender_id_organisation
        FOREIGN KEY(lender_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_exchange_borrower_id_organisation
        FOREIGN KEY(borrower_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_exchange_offer_id_listing
        FOREIGN KEY(offer_id) REFERENCES listing (id) ON DELETE SET NULL,
        CONSTRAINT fk_exchange_request_id_listing
        FOREIGN KEY(request_id) REFERENCES listing (id) ON DELETE SET NULL,
        CONSTRAINT ck_exchange_status
        CHECK (status IN ('DRAFT', 'OFFERED', 'AGREED', 'ACTIVE', 'RECALLED', 'COMPLETED', 'CANCELLED')),
        CONSTRAINT ck_exchange_end_reason
        CHECK (end_reason IN ('NOT_AGREED', 'PLANS_CHANGED', 'NO_CAPACITY', 'CONSENT_REVOKED',
          'RECALLED', 'RETURNED_EARLY', 'OTHER'))
    )
    """,
    """
    CREATE TABLE agreement_version (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        exchange_id UUID NOT NULL,
        number INTEGER NOT NULL,
        author_id UUID,
        side VARCHAR(32),
        form VARCHAR(32) NOT NULL,
        skill_ids UUID[] DEFAULT '{}' NOT NULL,
        person_ids UUID[] DEFAULT '{}' NOT NULL,
        hours_per_week SMALLINT,
        hours_total INTEGER,
        starts_on DATE,
        ends_on DATE,
        place_id UUID,
        is_remote BOOLEAN DEFAULT false NOT NULL,
        terms VARCHAR(32) NOT NULL,
        rate_cents INTEGER,
        aim_ids UUID[] DEFAULT '{}' NOT NULL,
        recall_days SMALLINT DEFAULT 14 NOT NULL,
        backfill TEXT DEFAULT '' NOT NULL,
        confidentiality TEXT DEFAULT '' NOT NULL,
        body TEXT DEFAULT '' NOT NULL,
        changes JSONB DEFAULT '[]' NOT NULL,
        canonical TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        CONSTRAINT pk_agreement_version PRIMARY KEY (id),
        CONSTRAINT ck_agreement_version_hours_per_week
        CHECK (hours_per_week between 1 and 60),
        CONSTRAINT ck_agreement_version_hours_total
        CHECK (hours_total between 1 and 20000),
        CONSTRAINT ck_agreement_version_period
        CHECK (ends_on >= starts_on),
        CONSTRAINT ck_agreement_version_rate_cents
        CHECK (rate_cents between 1 and 100000),
        CONSTRAINT ck_agreement_version_recall_days
        CHECK (recall_days between 0 and 365),
        CONSTRAINT ck_agreement_version_backfill_length
        CHECK (char_length(backfill) <= 2000),
        CONSTRAINT ck_agreement_version_confidentiality_length
        CHECK (char_length(confidentiality) <= 2000),
        CONSTRAINT ck_agreement_version_body_length
        CHECK (char_length(body) <= 10000),
        CONSTRAINT ck_agreement_version_content_hash
        CHECK (char_length(content_hash) = 64),
        CONSTRAINT uq_agreement_version_exchange_id_number UNIQUE (exchange_id, number),
        CONSTRAINT fk_agreement_version_exchange_id_exchange
        FOREIGN KEY(exchange_id) REFERENCES exchange (id) ON DELETE CASCADE,
        CONSTRAINT fk_agreement_version_author_id_person
        FOREIGN KEY(author_id) REFERENCES person (id) ON DELETE SET NULL,
        CONSTRAINT ck_agreement_version_side
        CHECK (side IN ('LENDER', 'BORROWER', 'EMPLOYEE')),
        CONSTRAINT ck_agreement_version_form
        CHECK (form IN ('DOCUMENT', 'ANSWER', 'CONSULT', 'CLINIC', 'SHADOWING', 'MENTORING',
          'MASTERCLASS', 'PROJECT', 'PART_TIME', 'SECONDMENT', 'TEAM')),
        CONSTRAINT fk_agreement_version_place_id_place
        FOREIGN KEY(place_id) REFERENCES place (id) ON DELETE SET NULL,
        CONSTRAINT ck_agreement_version_terms
        CHECK (terms IN ('FREE', 'RECIPROCAL', 'COST_RECOVERY', 'RATE'))
    )
    """,
    """
    CREATE TABLE exchange_person (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        exchange_id UUID NOT NULL,
        person_id UUID NOT NULL,
        consented_at TIMESTAMP WITH TIME ZONE,
        revoked_at TIMESTAMP WITH TIME ZONE,
        removed_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_exchange_person PRIMARY KEY (id),
        CONSTRAINT uq_exchange_person_exchange_id_person_id UNIQUE (exchange_id, person_id),
        CONSTRAINT fk_exchange_person_exchange_id_exchange
        FOREIGN KEY(exchange_id) REFERENCES exchange (id) ON DELETE CASCADE,
        CONSTRAINT fk_exchange_person_person_id_person
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE agreement_signature (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        exchange_id UUID NOT NULL,
        version_id UUID NOT NULL,
        side VARCHAR(32) NOT NULL,
        person_id UUID,
        name TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        voided_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_agreement_signature PRIMARY KEY (id),
        CONSTRAINT ck_agreement_signature_name_length
        CHECK (char_length(name) between 1 and 120),
        CONSTRAINT fk_agreement_signature_exchange_id_exchange
        FOREIGN KEY(exchange_id) REFERENCES exchange (id) ON DELETE CASCADE,
        CONSTRAINT fk_agreement_signature_version_id_agreement_version
        FOREIGN KEY(version_id) REFERENCES agreement_version (id) ON DELETE CASCADE,
        CONSTRAINT ck_agreement_signature_side
        CHECK (side IN ('LENDER', 'BORROWER', 'EMPLOYEE')),
        CONSTRAINT fk_agreement_signature_person_id_person
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE TABLE exchange_line (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        exchange_id UUID NOT NULL,
        actor_id UUID,
        side VARCHAR(32),
        step VARCHAR(32) NOT NULL,
        version INTEGER NOT NULL,
        CONSTRAINT pk_exchange_line PRIMARY KEY (id),
        CONSTRAINT fk_exchange_line_exchange_id_exchange
        FOREIGN KEY(exchange_id) REFERENCES exchange (id) ON DELETE CASCADE,
        CONSTRAINT fk_exchange_line_actor_id_person
        FOREIGN KEY(actor_id) REFERENCES person (id) ON DELETE SET NULL,
        CONSTRAINT ck_exchange_line_side
        CHECK (side IN ('LENDER', 'BORROWER', 'EMPLOYEE')),
        CONSTRAINT ck_exchange_line_step
        CHECK (step IN ('BEGUN', 'AMENDED', 'OFFERED', 'CONSENTED', 'CONSENT_REVOKED', 'SIGNED',
          'AGREED', 'STARTED', 'RECALL_ASKED', 'RECALL_REFUSED', 'RECALLED', 'COMPLETED',
          'CANCELLED', 'HOURS_LOGGED', 'HOURS_CONFIRMED', 'HOURS_REMOVED', 'REENTRY_TICKED',
          'RECEIPT_RECORDED', 'RECEIPT_CONFIRMED', 'EVIDENCE_DECIDED', 'ENDORSED',
          'REMINDED_TO_SIGN', 'REMINDED_OF_END', 'REMINDED_OF_RECEIPT'))
    )
    """,
    """
    CREATE TABLE exchange_hours (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        exchange_id UUID NOT NULL,
        person_id UUID NOT NULL,
        worked_on DATE NOT NULL,
        minutes SMALLINT NOT NULL,
        note TEXT DEFAULT '' NOT NULL,
        logged_by_id UUID,
        side VARCHAR(32) NOT NULL,
        confirmed_by_id UUID,
        confirmed_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_exchange_hours PRIMARY KEY (id),
        CONSTRAINT ck_exchange_hours_minutes
        CHECK (minutes between 1 and 1440),
        CONSTRAINT ck_exchange_hours_note_length
        CHECK (char_length(note) <= 1000),
        CONSTRAINT fk_exchange_hours_exchange_id_exchange
        FOREIGN KEY(exchange_id) REFERENCES exchange (id) ON DELETE CASCADE,
        CONSTRAINT fk_exchange_hours_person_id_person
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
        CONSTRAINT fk_exchange_hours_logged_by_id_person
        FOREIGN KEY(logged_by_id) REFERENCES person (id) ON DELETE SET NULL,
        CONSTRAINT ck_exchange_hours_side
        CHECK (side IN ('LENDER', 'BORROWER', 'EMPLOYEE')),
        CONSTRAINT fk_exchange_hours_confirmed_by_id_person
        FOREIGN KEY(confirmed_by_id) REFERENCES person (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE TABLE exchange_reentry (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        exchange_id UUID NOT NULL,
        item VARCHAR(32) NOT NULL,
        ticked_by_id UUID,
        CONSTRAINT pk_exchange_reentry PRIMARY KEY (id),
        CONSTRAINT uq_exchange_reentry_exchange_id_item UNIQUE (exchange_id, item),
        CONSTRAINT fk_exchange_reentry_exchange_id_exchange
        FOREIGN KEY(exchange_id) REFERENCES exchange (id) ON DELETE CASCADE,
        CONSTRAINT ck_exchange_reentry_item
        CHECK (item IN ('TALK_PLANNED', 'WORK_HANDED_BACK', 'ACCESS_ENDED', 'LEARNED_SHARED',
          'NEW_SKILLS_USED', 'CONTACT_KEPT')),
        CONSTRAINT fk_exchange_reentry_ticked_by_id_person
        FOREIGN KEY(ticked_by_id) REFERENCES person (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE TABLE exchange_receipt (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        exchange_id UUID NOT NULL,
        version INTEGER DEFAULT 1 NOT NULL,
        learned TEXT DEFAULT '' NOT NULL,
        came_back TEXT DEFAULT '' NOT NULL,
        notes TEXT DEFAULT '' NOT NULL,
        recorded_by_id UUID,
        side VARCHAR(32) NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        confirmed_by_id UUID,
        confirmed_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_exchange_receipt PRIMARY KEY (id),
        CONSTRAINT uq_exchange_receipt_exchange_id UNIQUE (exchange_id),
        CONSTRAINT ck_exchange_receipt_learned_length
        CHECK (char_length(learned) <= 4000),
        CONSTRAINT ck_exchange_receipt_came_back_length
        CHECK (char_length(came_back) <= 4000),
        CONSTRAINT ck_exchange_receipt_notes_length
        CHECK (char_length(notes) <= 4000),
        CONSTRAINT fk_exchange_receipt_exchange_id_exchange
        FOREIGN KEY(exchange_id) REFERENCES exchange (id) ON DELETE CASCADE,
        CONSTRAINT fk_exchange_receipt_recorded_by_id_person
        FOREIGN KEY(recorded_by_id) REFERENCES person (id) ON DELETE SET NULL,
        CONSTRAINT ck_exchange_receipt_side
        CHECK (side IN ('LENDER', 'BORROWER', 'EMPLOYEE')),
        CONSTRAINT fk_exchange_receipt_confirmed_by_id_person
        FOREIGN KEY(confirmed_by_id) REFERENCES person (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE TABLE raised_skill (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        receipt_id UUID NOT NULL,
        person_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        skill_id UUID NOT NULL,
        from_level SMALLINT NOT NULL,
        to_level SMALLINT NOT NULL,
        accepted_at TIMESTAMP WITH TIME ZONE,
        declined_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_raised_skill PRIMARY KEY (id),
        CONSTRAINT ck_raised_skill_from_level
        CHECK (from_level between 0 and 5),
        CONSTRAINT ck_raised_skill_to_level
        CHECK (to_level between 1 and 5),
        CONSTRAINT ck_raised_skill_raised
        CHECK (to_level >= from_level),
        CONSTRAINT uq_raised_skill_receipt_id_person_id_skill_id UNIQUE (receipt_id, person_id, skill_id),
        CONSTRAINT fk_raised_skill_receipt_id_exchange_receipt
        FOREIGN KEY(receipt_id) REFERENCES exchange_receipt (id) ON DELETE CASCADE,
        CONSTRAINT fk_raised_skill_person_id_person
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
        CONSTRAINT fk_raised_skill_organisation_id_organisation
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_raised_skill_skill_id_skill
        FOREIGN KEY(skill_id) REFERENCES skill (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE skill_evidence (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        exchange_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        partner_id UUID NOT NULL,
        person_id UUID,
        skill_id UUID NOT NULL,
        side VARCHAR(32) NOT NULL,
        from_level SMALLINT,
        to_level SMALLINT,
        CONSTRAINT pk_skill_evidence PRIMARY KEY (id),
        CONSTRAINT uq_skill_evidence_source UNIQUE NULLS NOT DISTINCT (exchange_id, organisation_id, skill_id, person_id),
        CONSTRAINT fk_skill_evidence_exchange_id_exchange
        FOREIGN KEY(exchange_id) REFERENCES exchange (id) ON DELETE CASCADE,
        CONSTRAINT fk_skill_evidence_organisation_id_organisation
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_skill_evidence_partner_id_organisation
        FOREIGN KEY(partner_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_skill_evidence_person_id_person
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
        CONSTRAINT fk_skill_evidence_skill_id_skill
        FOREIGN KEY(skill_id) REFERENCES skill (id) ON DELETE CASCADE,
        CONSTRAINT ck_skill_evidence_side
        CHECK (side IN ('LENDER', 'BORROWER', 'EMPLOYEE'))
    )
    """,
    """
    CREATE TABLE endorsement (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        exchange_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        endorsed_id UUID NOT NULL,
        author_id UUID,
        line TEXT NOT NULL,
        CONSTRAINT pk_endorsement PRIMARY KEY (id),
        CONSTRAINT ck_endorsement_line_length
        CHECK (char_length(line) between 1 and 200),
        CONSTRAINT uq_endorsement_exchange_id_organisation_id UNIQUE (exchange_id, organisation_id),
        CONSTRAINT fk_endorsement_exchange_id_exchange
        FOREIGN KEY(exchange_id) REFERENCES exchange (id) ON DELETE CASCADE,
        CONSTRAINT fk_endorsement_organisation_id_organisation
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_endorsement_endorsed_id_organisation
        FOREIGN KEY(endorsed_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_endorsement_author_id_person
        FOREIGN KEY(author_id) REFERENCES person (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE TABLE calendar_feed (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        person_id UUID NOT NULL,
        secret_hash BYTEA NOT NULL,
        CONSTRAINT pk_calendar_feed PRIMARY KEY (id),
        CONSTRAINT ck_calendar_feed_secret_hash
        CHECK (length(secret_hash) = 32),
        CONSTRAINT uq_calendar_feed_secret_hash UNIQUE (secret_hash),
        CONSTRAINT uq_calendar_feed_person_id UNIQUE (person_id),
        CONSTRAINT fk_calendar_feed_person_id_person
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
    )
    """,
)
INDEXES = (
    "CREATE INDEX ix_exchange_borrower_id_id ON exchange (borrower_id, id)",
    "CREATE INDEX ix_exchange_going_on ON exchange (status, id) WHERE status in ('OFFERED', 'AGREED', 'ACTIVE', 'RECALLED')",
    "CREATE INDEX ix_exchange_lender_id_id ON exchange (lender_id, id)",
    "CREATE INDEX ix_exchange_offer_id ON exchange (offer_id)",
    "CREATE INDEX ix_exchange_request_id ON exchange (request_id)",
    "CREATE INDEX ix_exchange_person_person_id_exchange_id ON exchange_person (person_id, exchange_id)",
    "CREATE INDEX ix_agreement_signature_exchange_id_id ON agreement_signature (exchange_id, id)",
    "CREATE UNIQUE INDEX uq_agreement_signature_side ON agreement_signature (version_id, side) WHERE voided_at is null and side <> 'EMPLOYEE'",
    "CREATE UNIQUE INDEX uq_agreement_signature_person ON agreement_signature (version_id, person_id) WHERE voided_at is null and side = 'EMPLOYEE'",
    "CREATE INDEX ix_exchange_line_exchange_id_id ON exchange_line (exchange_id, id)",
    "CREATE INDEX ix_exchange_hours_exchange_id_worked_on_id ON exchange_hours (exchange_id, worked_on, id)",
    "CREATE INDEX ix_exchange_hours_person_id_worked_on ON exchange_hours (person_id, worked_on)",
    "CREATE INDEX ix_raised_skill_person_id_skill_id ON raised_skill (person_id, skill_id)",
    "CREATE INDEX ix_skill_evidence_organisation_id_id ON skill_evidence (organisation_id, id)",
    "CREATE INDEX ix_skill_evidence_person_id_skill_id ON skill_evidence (person_id, skill_id)",
    "CREATE INDEX ix_endorsement_endorsed_id_id ON endorsement (endorsed_id, id)",
)
KINDS_BEFORE = (
    *("POST_PUBLISHED", "POST_COMMENTED", "POST_REACTED", "POST_REPOSTED", "COMMENT_REPLIED"),
    *("MENTIONED", "ANSWER_CHOSEN", "FOLLOWED", "INVITED", "JOIN_REQUESTED", "JOIN_DECIDED"),
    *("ROLE_CHANGED", "PARTNERSHIP_REQUESTED", "PARTNERSHIP_DECIDED", "SAVED_SEARCH_FOUND"),
    *("MATCHES_FOUND", "MATCH_REQUESTED", "MATCH_DECIDED", "MATCH_MESSAGE"),
    *("SCHEDULED_POST_REFUSED", "MODERATED", "APPEAL_DECIDED"),
)
KINDS_NEW = ("EXCHANGE_CHANGED", "EXCHANGE_ASKED", "EXCHANGE_REMINDER")


def upgrade() -> None:
    for statement in (*TABLES, *INDEXES):
        op.execute(statement)
    _allow((*KINDS_BEFORE, *KINDS_NEW))
    op.execute(
        "alter table listing_step add column exchange_id uuid"
        " constraint fk_listing_step_exchange_id_exchange references exchange (id)"
        " on delete set null"
    )


def downgrade() -> None:
    for table in ("notification", "notification_preference"):
        op.execute(f"delete from {table} where kind = any(array{list(KINDS_NEW)})")  # noqa: S608 - constants
    _allow(KINDS_BEFORE)
    op.drop_column("listing_step", "exchange_id")
    for table in (
        "calendar_feed",
        "endorsement",
        "skill_evidence",
        "raised_skill",
        "exchange_receipt",
        "exchange_reentry",
        "exchange_hours",
        "exchange_line",
        "agreement_signature",
        "exchange_person",
        "agreement_version",
        "exchange",
    ):
        op.drop_table(table)


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    for table in ("notification", "notification_preference"):
        op.execute(f"alter table {table} drop constraint ck_{table}_kind")
        op.execute(f"alter table {table} add constraint ck_{table}_kind check (kind in ({listed}))")
