"""What people look for on the market, and who is told of it; who looked; files on messages.

Revision: 0110, after 0100. Each index serves the read that is named beside it in `db/tables`.
Import no model here: this text must mean the same for ever.
"""

from alembic import op

revision = "0110"
down_revision = "0100"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE market_search (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        person_id UUID NOT NULL,
        name TEXT NOT NULL,
        query TEXT DEFAULT '' NOT NULL,
        folded TEXT DEFAULT '' NOT NULL,
        wanted TSQUERY,
        kinds TEXT[] DEFAULT '{}' NOT NULL,
        forms TEXT[] DEFAULT '{}' NOT NULL,
        terms TEXT[] DEFAULT '{}' NOT NULL,
        audiences TEXT[] DEFAULT '{}' NOT NULL,
        sectors TEXT[] DEFAULT '{}' NOT NULL,
        languages TEXT[] DEFAULT '{}' NOT NULL,
        skill_ids UUID[] DEFAULT '{}' NOT NULL,
        organisation_ids UUID[] DEFAULT '{}' NOT NULL,
        starts_on DATE,
        ends_on DATE,
        minimum_hours SMALLINT,
        maximum_hours SMALLINT,
        place_id UUID,
        distance_km SMALLINT,
        include_remote BOOLEAN DEFAULT true NOT NULL,
        notify BOOLEAN DEFAULT false NOT NULL,
        paused_at TIMESTAMP WITH TIME ZONE,
        told_since TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        version INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_market_search PRIMARY KEY (id),
        CONSTRAINT ck_market_search_name_length CHECK (char_length(name) between 1 and 80),
        CONSTRAINT ck_market_search_query_length CHECK (char_length(query) <= 200),
        CONSTRAINT ck_market_search_period CHECK (ends_on >= starts_on),
        CONSTRAINT ck_market_search_hours CHECK (maximum_hours >= minimum_hours),
        CONSTRAINT fk_market_search_person_id_person
        FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
        CONSTRAINT fk_market_search_place_id_place
        FOREIGN KEY(place_id) REFERENCES place (id) ON DELETE SET NULL
    )
    """,
    """
    CREATE TABLE market_search_hit (
        market_search_id UUID NOT NULL,
        listing_id UUID NOT NULL,
        told_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_market_search_hit PRIMARY KEY (market_search_id, listing_id),
        CONSTRAINT fk_market_search_hit_market_search_id_market_search
        FOREIGN KEY(market_search_id) REFERENCES market_search (id) ON DELETE CASCADE,
        CONSTRAINT fk_market_search_hit_listing_id_listing
        FOREIGN KEY(listing_id) REFERENCES listing (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE listing_look (
        id UUID DEFAULT uuidv7() NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        listing_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        looked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        day_count INTEGER DEFAULT 1 NOT NULL,
        CONSTRAINT pk_listing_look PRIMARY KEY (id),
        CONSTRAINT uq_listing_look_listing_id_organisation_id UNIQUE (listing_id, organisation_id),
        CONSTRAINT fk_listing_look_listing_id_listing
        FOREIGN KEY(listing_id) REFERENCES listing (id) ON DELETE CASCADE,
        CONSTRAINT fk_listing_look_organisation_id_organisation
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE
    )
    """,
)
INDEXES = (
    "CREATE INDEX ix_listing_look_listing_id_looked_at_id ON listing_look (listing_id, looked_at, id)",
    "CREATE INDEX ix_market_search_person_id_id ON market_search (person_id, id)",
    "CREATE INDEX ix_market_search_hit_listing_id ON market_search_hit (listing_id)",
)
KINDS_BEFORE = (
    *("POST_PUBLISHED", "POST_COMMENTED", "POST_REACTED", "POST_REPOSTED", "COMMENT_REPLIED"),
    *("MENTIONED", "ANSWER_CHOSEN", "FOLLOWED", "INVITED", "JOIN_REQUESTED", "JOIN_DECIDED"),
    *("ROLE_CHANGED", "PARTNERSHIP_REQUESTED", "PARTNERSHIP_DECIDED", "SAVED_SEARCH_FOUND"),
    *("MATCHES_FOUND", "MATCH_REQUESTED", "MATCH_DECIDED", "MATCH_MESSAGE"),
    *("SCHEDULED_POST_REFUSED", "MODERATED", "APPEAL_DECIDED"),
    "EXCHANGE_CHANGED",
    "EXCHANGE_ASKED",
    "EXCHANGE_REMINDER",
)
WAITING = "post_id is null and organisation_id is null and person_id is null"
KINDS_NEW = ("MARKET_SEARCH_FOUND",)


def upgrade() -> None:
    for statement in (*TABLES, *INDEXES):
        op.execute(statement)
    _allow((*KINDS_BEFORE, *KINDS_NEW))
    op.execute(
        "alter table notification add column listing_id uuid"
        " constraint fk_notification_listing_id_listing references listing (id) on delete cascade"
    )
    op.execute(
        "alter table media add column match_message_id uuid constraint"
        " fk_media_match_message_id_match_message references match_message (id) on delete cascade"
    )
    op.execute(
        "create index ix_media_match_message_id_position on media (match_message_id, position)"
        " where match_message_id is not null"
    )
    _messages(
        "char_length(body) <= 4000",
        "num_nonnulls(post_id, organisation_id, person_id, match_message_id) <= 1",
        f"{WAITING} and match_message_id is null",
    )
    op.execute("alter table person add column shows_looks boolean default true not null")


def downgrade() -> None:
    for table in ("notification", "notification_preference"):
        op.execute(f"delete from {table} where kind = any(array{list(KINDS_NEW)})")  # noqa: S608 - constants
    op.drop_column("person", "shows_looks")
    op.execute("delete from media where match_message_id is not null")
    op.execute("update match_message set body = '-' where body = ''")
    _messages(
        "char_length(body) between 1 and 4000",
        "num_nonnulls(post_id, organisation_id, person_id) <= 1",
        WAITING,
    )
    op.execute("drop index ix_media_match_message_id_position")
    op.drop_column("media", "match_message_id")
    op.drop_column("notification", "listing_id")
    _allow(KINDS_BEFORE)
    for table in ("listing_look", "market_search_hit", "market_search"):
        op.drop_table(table)


def _messages(body: str, place: str, waiting: str) -> None:
    """Say what a message may say, where an upload may hang, and which hang nowhere."""
    op.execute("alter table match_message drop constraint ck_match_message_body_length")
    op.execute(
        f"alter table match_message add constraint ck_match_message_body_length check ({body})"
    )
    op.execute("alter table media drop constraint ck_media_one_place")
    op.execute(f"alter table media add constraint ck_media_one_place check ({place})")
    op.execute("drop index ix_media_waiting")
    op.execute(f"create index ix_media_waiting on media (uploaded_by_id, id) where {waiting}")


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    for table in ("notification", "notification_preference"):
        op.execute(f"alter table {table} drop constraint ck_{table}_kind")
        op.execute(f"alter table {table} add constraint ck_{table}_kind check (kind in ({listed}))")
