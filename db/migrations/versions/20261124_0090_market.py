"""The market: listings with their skills, aims and history; places; matches; match requests.

Revision: 0090, after 0081. Each index serves the read that is named beside it in `db/tables`.
Import no model here: this text must mean the same for ever.
"""

from alembic import op

revision = "0090"
down_revision = "0081"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE place (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        slug TEXT NOT NULL,
        name TEXT NOT NULL,
        province TEXT NOT NULL,
        latitude FLOAT NOT NULL,
        longitude FLOAT NOT NULL,
        folded TEXT NOT NULL,
        CONSTRAINT pk_place PRIMARY KEY (id),
        CONSTRAINT uq_place_slug UNIQUE (slug)
    )
    """,
    """
    CREATE TABLE listing (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        organisation_id UUID NOT NULL,
        author_id UUID,
        contact_id UUID,
        kind VARCHAR(32) NOT NULL,
        form VARCHAR(32) NOT NULL,
        status VARCHAR(32) DEFAULT 'DRAFT' NOT NULL,
        close_reason VARCHAR(32),
        audience VARCHAR(32) NOT NULL,
        title TEXT NOT NULL,
        body TEXT DEFAULT '' NOT NULL,
        body_html TEXT,
        language VARCHAR(32) NOT NULL,
        hours_per_week SMALLINT,
        hours_total INTEGER,
        starts_on DATE,
        ends_on DATE,
        slack_days SMALLINT DEFAULT 0 NOT NULL,
        place_id UUID,
        distance_km SMALLINT,
        is_remote BOOLEAN DEFAULT false NOT NULL,
        languages TEXT[] DEFAULT '{}' NOT NULL,
        capacity SMALLINT DEFAULT 1 NOT NULL,
        terms VARCHAR(32) NOT NULL,
        rate_cents INTEGER,
        opened_at TIMESTAMP WITH TIME ZONE,
        expires_at TIMESTAMP WITH TIME ZONE,
        ended_at TIMESTAMP WITH TIME ZONE,
        version INTEGER DEFAULT 1 NOT NULL,
        searched TSVECTOR GENERATED ALWAYS AS (
        strip(case language when 'NL' then to_tsvector('commons_nl', title || ' ' || body)
          else to_tsvector('commons_en', title || ' ' || body) end
          || to_tsvector('commons_plain', title || ' ' || body))) STORED,
        CONSTRAINT pk_listing PRIMARY KEY (id),
        CONSTRAINT ck_listing_title_length CHECK (char_length(title) between 1 and 120),
        CONSTRAINT ck_listing_body_length CHECK (char_length(body) <= 10000),
        CONSTRAINT ck_listing_hours_per_week CHECK (hours_per_week between 1 and 60),
        CONSTRAINT ck_listing_hours_total CHECK (hours_total between 1 and 20000),
        CONSTRAINT ck_listing_period CHECK (ends_on >= starts_on),
        CONSTRAINT ck_listing_slack_days CHECK (slack_days between 0 and 365),
        CONSTRAINT ck_listing_capacity CHECK (capacity between 1 and 500),
        CONSTRAINT ck_listing_distance_km CHECK (distance_km between 0 and 400),
        CONSTRAINT ck_listing_rate_cents CHECK (rate_cents between 1 and 100000),
        CONSTRAINT ck_listing_open_until CHECK (status <> 'OPEN' or expires_at is not null),
        CONSTRAINT ck_listing_close_reason CHECK ((status = 'CLOSED') = (close_reason is not null)),
        CONSTRAINT fk_listing_organisation_id_organisation
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_listing_author_id_person
        FOREIGN KEY(author_id) REFERENCES person (id) ON DELETE SET NULL,
        CONSTRAINT fk_listing_contact_id_person
        FOREIGN KEY(contact_id) REFERENCES person (id) ON DELETE SET NULL,
        CONSTRAINT ck_listing_kind CHECK (kind IN ('OFFER', 'REQUEST')),
        CONSTRAINT ck_listing_form
        CHECK (form IN ('DOCUMENT', 'ANSWER', 'CONSULT', 'CLINIC', 'SHADOWING', 'MENTORING', 'MASTERCLASS', 'PROJECT', 'PART_TIME',
          'SECONDMENT', 'TEAM')),
        CONSTRAINT ck_listing_status
        CHECK (status IN ('DRAFT', 'OPEN', 'PAUSED', 'FILLED', 'CLOSED', 'EXPIRED')),
        CONSTRAINT ck_listing_reason
        CHECK (close_reason IN ('FOUND_ELSEWHERE', 'NO_LONGER_NEEDED', 'NO_CAPACITY',
          'NO_RESPONSE', 'OTHER')),
        CONSTRAINT ck_listing_audience
        CHECK (audience IN ('PUBLIC', 'NETWORK', 'PARTNERS', 'ORGANISATION')),
        CONSTRAINT ck_listing_language CHECK (language IN ('NL', 'EN')),
        CONSTRAINT fk_listing_place_id_place
        FOREIGN KEY(place_id) REFERENCES place (id) ON DELETE SET NULL,
        CONSTRAINT ck_listing_terms CHECK (terms IN ('FREE', 'RECIPROCAL', 'COST_RECOVERY', 'RATE'))
    )
    """,
    """
    CREATE TABLE listing_skill (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        listing_id UUID NOT NULL,
        skill_id UUID NOT NULL,
        importance VARCHAR(32) NOT NULL,
        minimum_level SMALLINT NOT NULL,
        open_as VARCHAR(32),
        holders INTEGER,
        last_used_on DATE,
        CONSTRAINT pk_listing_skill PRIMARY KEY (id),
        CONSTRAINT ck_listing_skill_minimum_level CHECK (minimum_level between 1 and 5),
        CONSTRAINT uq_listing_skill_listing_id_skill_id UNIQUE (listing_id, skill_id),
        CONSTRAINT fk_listing_skill_listing_id_listing
        FOREIGN KEY(listing_id) REFERENCES listing (id) ON DELETE CASCADE,
        CONSTRAINT fk_listing_skill_skill_id_skill
        FOREIGN KEY(skill_id) REFERENCES skill (id) ON DELETE CASCADE,
        CONSTRAINT ck_listing_skill_importance CHECK (importance IN ('MUST', 'NICE')),
        CONSTRAINT ck_listing_skill_open_as CHECK (open_as IN ('OFFER', 'REQUEST'))
    )
    """,
    """
    CREATE TABLE listing_aim (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        listing_id UUID NOT NULL,
        skill_id UUID NOT NULL,
        CONSTRAINT pk_listing_aim PRIMARY KEY (id),
        CONSTRAINT uq_listing_aim_listing_id_skill_id UNIQUE (listing_id, skill_id),
        CONSTRAINT fk_listing_aim_listing_id_listing
        FOREIGN KEY(listing_id) REFERENCES listing (id) ON DELETE CASCADE,
        CONSTRAINT fk_listing_aim_skill_id_skill
        FOREIGN KEY(skill_id) REFERENCES skill (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE listing_step (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        listing_id UUID NOT NULL,
        actor_id UUID,
        action VARCHAR(32) NOT NULL,
        changed TEXT[] DEFAULT '{}' NOT NULL,
        CONSTRAINT pk_listing_step PRIMARY KEY (id),
        CONSTRAINT fk_listing_step_listing_id_listing
        FOREIGN KEY(listing_id) REFERENCES listing (id) ON DELETE CASCADE,
        CONSTRAINT fk_listing_step_actor_id_person
        FOREIGN KEY(actor_id) REFERENCES person (id) ON DELETE SET NULL,
        CONSTRAINT ck_listing_step_action
        CHECK (action IN ('CREATED', 'OPENED', 'EDITED', 'PAUSED', 'FILLED',
          'CLOSED', 'EXPIRED', 'RENEWED'))
    )
    """,
    """
    CREATE TABLE listing_match (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        offer_id UUID NOT NULL,
        request_id UUID NOT NULL,
        offering_id UUID NOT NULL,
        requesting_id UUID NOT NULL,
        score FLOAT NOT NULL,
        need FLOAT NOT NULL,
        ease FLOAT NOT NULL,
        gain FLOAT NOT NULL,
        meaning FLOAT,
        limiting VARCHAR(32) NOT NULL,
        is_feasible BOOLEAN NOT NULL,
        reasons JSONB DEFAULT '[]' NOT NULL,
        hurdles JSONB DEFAULT '[]' NOT NULL,
        scored_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_listing_match PRIMARY KEY (id),
        CONSTRAINT uq_listing_match_offer_id_request_id UNIQUE (offer_id, request_id),
        CONSTRAINT fk_listing_match_offer_id_listing
        FOREIGN KEY(offer_id) REFERENCES listing (id) ON DELETE CASCADE,
        CONSTRAINT fk_listing_match_request_id_listing
        FOREIGN KEY(request_id) REFERENCES listing (id) ON DELETE CASCADE,
        CONSTRAINT fk_listing_match_offering_id_organisation
        FOREIGN KEY(offering_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_listing_match_requesting_id_organisation
        FOREIGN KEY(requesting_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT ck_listing_match_limiting CHECK (limiting IN ('NEED', 'EASE', 'GAIN'))
    )
    """,
    """
    CREATE TABLE match_dismissal (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        organisation_id UUID NOT NULL,
        offer_id UUID NOT NULL,
        request_id UUID NOT NULL,
        actor_id UUID,
        reason VARCHAR(32) NOT NULL,
        CONSTRAINT pk_match_dismissal PRIMARY KEY (id),
        CONSTRAINT uq_match_dismissal_organisation_id_offer_id_request_id UNIQUE (organisation_id, offer_id, request_id),
        CONSTRAINT fk_match_dismissal_organisation_id_organisation
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_match_dismissal_offer_id_listing
        FOREIGN KEY(offer_id) REFERENCES listing (id) ON DELETE CASCADE,
        CONSTRAINT fk_match_dismissal_request_id_listing
        FOREIGN KEY(request_id) REFERENCES listing (id) ON DELETE CASCADE,
        CONSTRAINT fk_match_dismissal_actor_id_person
        FOREIGN KEY(actor_id) REFERENCES person (id) ON DELETE SET NULL,
        CONSTRAINT ck_match_dismissal_reason
        CHECK (reason IN ('NOT_THE_SKILL', 'NOT_THE_FORM', 'NOT_NOW',
          'NOT_THIS_ORGANISATION', 'OTHER'))
    )
    """,
    """
    CREATE TABLE match_request (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        asking_id UUID NOT NULL,
        asked_id UUID NOT NULL,
        kind VARCHAR(32) NOT NULL,
        listing_id UUID,
        own_listing_id UUID,
        counter_to_id UUID,
        form VARCHAR(32) NOT NULL,
        hours_per_week SMALLINT,
        starts_on DATE,
        ends_on DATE,
        message TEXT DEFAULT '' NOT NULL,
        status VARCHAR(32) DEFAULT 'PROPOSED' NOT NULL,
        decline_reason VARCHAR(32),
        note TEXT DEFAULT '' NOT NULL,
        asked_by_id UUID,
        answered_by_id UUID,
        answered_at TIMESTAMP WITH TIME ZONE,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_match_request PRIMARY KEY (id),
        CONSTRAINT ck_match_request_two_organisations CHECK (asking_id <> asked_id),
        CONSTRAINT ck_match_request_message_length CHECK (char_length(message) <= 4000),
        CONSTRAINT ck_match_request_note_length CHECK (char_length(note) <= 1000),
        CONSTRAINT ck_match_request_hours_per_week CHECK (hours_per_week between 1 and 60),
        CONSTRAINT ck_match_request_period CHECK (ends_on >= starts_on),
        CONSTRAINT ck_match_request_reason
        CHECK ((status = 'DECLINED') = (decline_reason is not null)),
        CONSTRAINT fk_match_request_asking_id_organisation
        FOREIGN KEY(asking_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_match_request_asked_id_organisation
        FOREIGN KEY(asked_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT ck_match_request_kind CHECK (kind IN ('OFFER', 'REQUEST')),
        CONSTRAINT fk_match_request_listing_id_listing
        FOREIGN KEY(listing_id) REFERENCES listing (id) ON DELETE SET NULL,
        CONSTRAINT fk_match_request_own_listing_id_listing
        FOREIGN KEY(own_listing_id) REFERENCES listing (id) ON DELETE SET NULL,
        CONSTRAINT fk_match_request_counter_to_id_match_request
        FOREIGN KEY(counter_to_id) REFERENCES match_request (id) ON DELETE SET NULL,
        CONSTRAINT ck_match_request_form
        CHECK (form IN ('DOCUMENT', 'ANSWER', 'CONSULT', 'CLINIC', 'SHADOWING', 'MENTORING', 'MASTERCLASS', 'PROJECT', 'PART_TIME',
          'SECONDMENT', 'TEAM')),
        CONSTRAINT ck_match_request_status
        CHECK (status IN ('PROPOSED', 'ACCEPTED', 'DECLINED', 'WITHDRAWN', 'EXPIRED')),
        CONSTRAINT ck_match_request_decline_reason
        CHECK (decline_reason IN ('CAPACITY', 'TIMING', 'CONFIDENTIAL', 'SINGLE_POINT', 'FIT')),
        CONSTRAINT fk_match_request_asked_by_id_person
        FOREIGN KEY(asked_by_id) REFERENCES person (id) ON DELETE SET NULL,
        CONSTRAINT fk_match_request_answered_by_id_person
        FOREIGN KEY(answered_by_id) REFERENCES person (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE TABLE match_message (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        match_request_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        author_id UUID,
        body TEXT NOT NULL,
        body_html TEXT,
        CONSTRAINT pk_match_message PRIMARY KEY (id),
        CONSTRAINT ck_match_message_body_length CHECK (char_length(body) between 1 and 4000),
        CONSTRAINT fk_match_message_match_request_id_match_request
        FOREIGN KEY(match_request_id) REFERENCES match_request (id) ON DELETE CASCADE,
        CONSTRAINT fk_match_message_organisation_id_organisation
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE,
        CONSTRAINT fk_match_message_author_id_person
        FOREIGN KEY(author_id) REFERENCES person (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE TABLE match_reading (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        match_request_id UUID NOT NULL,
        person_id UUID NOT NULL,
        read_message_id UUID NOT NULL,
        CONSTRAINT pk_match_reading PRIMARY KEY (id),
        CONSTRAINT uq_match_reading_match_request_id_person_id UNIQUE (match_request_id, person_id),
        CONSTRAINT fk_match_reading_match_request_id_match_request
        FOREIGN KEY(match_request_id) REFERENCES match_request (id) ON DELETE CASCADE,
        CONSTRAINT fk_match_reading_person_id_person
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
    )
    """,
)
INDEXES = (
    "CREATE INDEX ix_place_name_id ON place (name, id)",
    "CREATE INDEX ix_listing_ending ON listing (expires_at, id) WHERE status = 'OPEN'",
    """
    CREATE INDEX ix_listing_open ON listing (id) INCLUDE (organisation_id, kind, form, terms,
      audience, status, expires_at, is_remote, hours_per_week, starts_on, ends_on, slack_days,
      place_id, languages) WHERE status = 'OPEN'
    """,
    "CREATE INDEX ix_listing_organisation_id_id ON listing (organisation_id, id)",
    "CREATE INDEX ix_listing_searched ON listing USING gin (searched)",
    "CREATE INDEX ix_listing_skill_open ON listing_skill (skill_id, open_as, listing_id) INCLUDE (minimum_level) WHERE open_as is not null",
    "CREATE INDEX ix_listing_skill_skill_id_listing_id ON listing_skill (skill_id, listing_id)",
    "CREATE INDEX ix_listing_aim_skill_id_listing_id ON listing_aim (skill_id, listing_id)",
    "CREATE INDEX ix_listing_step_listing_id_id ON listing_step (listing_id, id)",
    "CREATE INDEX ix_listing_match_of_offer ON listing_match (offer_id, score desc, id desc)",
    "CREATE INDEX ix_listing_match_of_request ON listing_match (request_id, score desc, id desc)",
    "CREATE INDEX ix_listing_match_offering ON listing_match (offering_id, score desc, id desc)",
    "CREATE INDEX ix_listing_match_requesting ON listing_match (requesting_id, score desc, id desc)",
    "CREATE INDEX ix_match_request_asked_id_id ON match_request (asked_id, id)",
    "CREATE INDEX ix_match_request_asking_id_id ON match_request (asking_id, id)",
    "CREATE INDEX ix_match_request_expiring ON match_request (expires_at) WHERE status = 'PROPOSED'",
    "CREATE INDEX ix_match_request_listing_id_id ON match_request (listing_id, id)",
    "CREATE UNIQUE INDEX uq_match_request_open ON match_request (asking_id, asked_id, coalesce(listing_id, asked_id), coalesce(own_listing_id, asking_id)) WHERE status = 'PROPOSED'",
    "CREATE INDEX ix_match_message_match_request_id_id ON match_message (match_request_id, id)",
)
KINDS_BEFORE = (
    *("POST_PUBLISHED", "POST_COMMENTED", "POST_REACTED", "POST_REPOSTED", "COMMENT_REPLIED"),
    *("MENTIONED", "ANSWER_CHOSEN", "FOLLOWED", "INVITED", "JOIN_REQUESTED", "JOIN_DECIDED"),
    *("ROLE_CHANGED", "PARTNERSHIP_REQUESTED", "PARTNERSHIP_DECIDED", "SAVED_SEARCH_FOUND"),
    *("SCHEDULED_POST_REFUSED", "MODERATED", "APPEAL_DECIDED"),
)
KINDS_NEW = ("MATCHES_FOUND", "MATCH_REQUESTED", "MATCH_DECIDED", "MATCH_MESSAGE")


def upgrade() -> None:
    for statement in (*TABLES, *INDEXES):
        op.execute(statement)
    _allow((*KINDS_BEFORE, *KINDS_NEW))
    for table in ("post", "post_draft"):
        op.execute(
            f"alter table {table} add column listing_id uuid"
            f" constraint fk_{table}_listing_id_listing references listing (id) on delete set null"
        )
    op.execute("create index ix_post_listing on post (listing_id, id) where listing_id is not null")


def downgrade() -> None:
    for table in ("notification", "notification_preference"):
        op.execute(f"delete from {table} where kind = any(array{list(KINDS_NEW)})")  # noqa: S608 - constants
    _allow(KINDS_BEFORE)
    op.execute("drop index ix_post_listing")
    for table in ("post", "post_draft"):
        op.drop_column(table, "listing_id")
    for table in (
        "match_reading",
        "match_message",
        "match_request",
        "match_dismissal",
        "listing_match",
        "listing_step",
        "listing_aim",
        "listing_skill",
        "listing",
        "place",
    ):
        op.drop_table(table)


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    for table in ("notification", "notification_preference"):
        op.execute(f"alter table {table} drop constraint ck_{table}_kind")
        op.execute(f"alter table {table} add constraint ck_{table}_kind check (kind in ({listed}))")
