"""What goes with a person who is erased, as events for those who have it before their eyes.

Each statement is run before anything is removed; `$1` is the person's key. Nobody acts: no event
says whose erasure it belongs to. That the person is erased is an event of its own.
"""

from __future__ import annotations

from resolvers.privacy import ANSWERED, LEFT
from subscriptions.events import NOTIFICATIONS_NAMED, EventKind, ids_of, post_ids

# ruff: noqa: S608 - all put together from constants
REMOVED = "'change', 'REMOVED'"
PERSON = ids_of("'person_id', $1::uuid")


def _events(kind: EventKind, organisation: str, subject: str, ids: str, rows: str) -> str:
    return f"""
    insert into event (kind, organisation_id, subject_id, ids)
    select '{kind}', {organisation}, {subject}, {ids} {rows}
    """


def _comment(kind: EventKind, rows: str) -> str:
    ids = ids_of(
        "'comment_id', c.id",
        "'post_id', c.post_id",
        "'author_id', c.author_id",
        "'parent_id', c.parent_id",
        "'is_hidden', case when c.hidden_at is not null then true end",
    )
    join = "join post p on p.id = c.post_id"
    return _events(kind, "p.organisation_id", "c.id", ids, f"from comment c {join} {rows}")


GOING = (
    _events(
        EventKind.MEMBERSHIP_CHANGED,
        "organisation_id",
        "id",
        ids_of("'person_id', $1::uuid", REMOVED),
        "from membership where person_id = $1",
    ),
    _events(
        EventKind.FOLLOW_CHANGED,
        "organisation_id",
        "organisation_id",
        ids_of("'follower_id', $1::uuid", REMOVED),
        "from follow where person_id = $1",
    ),
    _events(
        EventKind.FOLLOW_CHANGED,
        "null::uuid",
        "followed_id",
        ids_of("'follower_id', person_id", "'followed_id', followed_id", REMOVED),
        "from person_follow where person_id = $1 or followed_id = $1",
    ),
    _events(
        EventKind.FOLLOW_CHANGED,
        "null::uuid",
        "skill_id",
        ids_of("'follower_id', person_id", "'skill_id', skill_id", REMOVED),
        "from skill_follow where person_id = $1",
    ),
    _events(
        EventKind.JOIN_REQUEST_CHANGED,
        "organisation_id",
        "id",
        PERSON,
        "from join_request where person_id = $1 and outcome = 'PENDING'",
    ),
    _events(
        EventKind.INVITATION_CHANGED,
        "i.organisation_id",
        "i.id",
        "'{}'::jsonb",
        "from invitation i join person p on p.email = i.email"
        " where p.id = $1 and i.answered_at is null and i.revoked_at is null",
    ),
    _events(
        EventKind.POST_REACTED,
        "p.organisation_id",
        "p.id",
        post_ids("p", REMOVED),
        "from reaction r join post p on p.id = r.post_id where r.person_id = $1",
    ),
    # Others' posts and comments that name the person lose the name.
    _events(
        EventKind.POST_EDITED,
        "p.organisation_id",
        "p.id",
        post_ids("p"),
        "from mention m join post p on p.id = m.post_id"
        " where m.person_id = $1 and m.comment_id is null",
    ),
    _comment(
        EventKind.COMMENT_EDITED,
        "join mention m on m.comment_id = c.id where m.person_id = $1 and c.author_id <> $1",
    ),
    f"""{ANSWERED}
    {
        _events(
            EventKind.ANSWER_CHOSEN,
            "p.organisation_id",
            "p.id",
            post_ids("p"),
            f"from post p where best_answer_id in (select id from comment where {LEFT})",
        )
    }""",
    f"{ANSWERED} {_comment(EventKind.COMMENT_DELETED, f'where c.{LEFT}'.replace(' and id', ' and c.id'))}",
    # Lines of others in which the person stood.
    _events(
        EventKind.NOTIFICATION_CHANGED,
        "null::uuid",
        "n.person_id",
        ids_of(
            "'person_id', n.person_id",
            "'change', 'CHANGED'",
            f"'notification_ids', case when count(*) <= {NOTIFICATIONS_NAMED} then jsonb_agg(n.id) end",
        ),
        "from notification n where n.person_id <> $1 and ($1 = any(n.actor_ids) or n.id in ("
        "select notification_id from notification_actor where person_id = $1)) group by n.person_id",
    ),
)
CLOSED = _events(
    EventKind.ORGANISATION_SUSPENDED,
    "id",
    "id",
    "'{}'::jsonb",
    "from unnest($1::uuid[]) as closed (id)",
)
