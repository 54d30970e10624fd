"""The log of events, partitioned by day; a version for each event; up to where events were removed.

Revision: 0080, after 0060. Serves removing a day at once, and reading by (transaction_id, id). What
is there becomes one partition, as it is: nothing is copied, its index is built while the table is
locked (measured: 2.6 s for a million events). Partitions for the next days are made by the running program.
Needs Postgres 17, which counts ids across partitions. Import no model here: this text must mean
the same for ever.
"""

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0060"
branch_labels = None
depends_on = None

DAYS_AHEAD = 7
COLUMNS = """
  id bigint generated always as identity,
  transaction_id bigint not null default (pg_current_xact_id()::text::bigint),
  created_at timestamptz not null default now(),
  kind text not null,
  {version}
  actor_id uuid,
  organisation_id uuid,
  subject_id uuid,
  ids jsonb not null default '{{}}'
"""
DAYS = """
select (now() at time zone 'UTC')::date, (max(created_at) at time zone 'UTC')::date from event
"""
# Ids go on where they were.
CONTINUE = "select setval(pg_get_serial_sequence('event', 'id'), {last} + 1, false)"
LAST = "select case when is_called then last_value else last_value - 1 end from event_id_seq"
NAMES = "id, transaction_id, created_at, kind, actor_id, organisation_id, subject_id, ids"


def upgrade() -> None:
    connection = op.get_bind()
    op.execute("set local lock_timeout = '2s'")
    op.execute("lock table event in access exclusive mode")
    today, newest = connection.execute(sa.text(DAYS)).one()
    last = connection.scalar(sa.text(LAST))
    op.execute("alter table event rename to event_before")
    op.execute("alter table event_before alter column id drop identity")
    op.execute("alter table event_before drop constraint pk_event")
    op.execute("drop index ix_event_created_at")
    op.execute("alter index ix_event_transaction_id_id rename to ix_event_before_transaction_id_id")
    # What was recorded before has not the ids of version 1.
    op.execute("alter table event_before add version smallint not null default 0")
    op.execute("alter table event_before alter version set default 1")
    op.execute(
        f"create table event ({COLUMNS.format(version='version smallint not null default 1,')},"
        " constraint pk_event primary key (id, created_at)) partition by range (created_at)"
    )
    op.execute("create index ix_event_transaction_id_id on event (transaction_id, id)")
    first = 0
    if newest is not None:
        # All of it, and what is recorded until the day ends; a clock may have been ahead.
        first = max((newest - today).days, 0) + 1
        op.execute(
            "alter table event attach partition event_before for values"
            f" from (minvalue) to ({_midnight(today, first)})"
        )
    else:
        op.execute("drop table event_before")
    for day in range(first, DAYS_AHEAD + 1):
        name = f"event_{today + timedelta(days=day):%Y%m%d}"
        op.execute(
            f"create table {name} partition of event for values"
            f" from ({_midnight(today, day)}) to ({_midnight(today, day + 1)})"
        )
    op.execute("create table event_default partition of event default")
    op.execute(CONTINUE.format(last=last))
    op.create_table(
        "event_horizon",
        sa.Column("id", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_event_horizon_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_horizon")),
    )
    op.execute("insert into event_horizon (id) values (1)")


def downgrade() -> None:
    connection = op.get_bind()
    op.execute("set local lock_timeout = '2s'")
    op.execute("lock table event in access exclusive mode")
    last = connection.scalar(sa.text(LAST))
    op.drop_table("event_horizon")
    op.execute("alter table event rename to event_parted")
    op.execute("alter table event_parted rename constraint pk_event to pk_event_parted")
    op.execute("alter index ix_event_transaction_id_id rename to ix_event_parted")
    op.execute("alter sequence event_id_seq rename to event_parted_id_seq")
    op.execute(
        f"create table event ({COLUMNS.format(version='')}, constraint pk_event primary key (id))"
    )
    op.execute(
        f"insert into event ({NAMES}) overriding system value select {NAMES} from event_parted"  # noqa: S608
    )
    op.execute(CONTINUE.format(last=last))
    op.execute("drop table event_parted")
    op.create_index(op.f("ix_event_created_at"), "event", ["created_at"], unique=False)
    op.create_index(
        op.f("ix_event_transaction_id_id"), "event", ["transaction_id", "id"], unique=False
    )


def _midnight(today: date, ahead: int) -> str:
    return f"'{today + timedelta(days=ahead)} 00:00+00'"
