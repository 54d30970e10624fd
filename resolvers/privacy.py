"""Every table in which somebody can be found: what an export says of them, what erasure leaves.

`TABLES` names each table that holds a person's key or address, once. A test fails when there is
such a table and it is not here. `$1` is the person's key, `$2` their e-mail address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FORMER_MEMBER = "Former member"


@dataclass(frozen=True, kw_only=True)
class Personal:
    """One table: which of its rows are about a person, and what becomes of them.

    `mine` is the condition for rows that an export holds, without the columns in `secret`;
    None when it holds none, and `why` says the reason. `erase` are the statements of erasure;
    none when the rows may stay as they are, and `stays` says why.
    """

    mine: str | None = None
    secret: Sequence[str] = ()
    why: str = ""
    erase: Sequence[str] = ()
    stays: str = ""


OWN = "person_id = $1"
# Comments that others answered stay in their place, and so do those above them.
ANSWERED = """
with recursive needed (id) as (
  select parent_id from comment where author_id <> $1 and parent_id in (
    select id from comment where author_id = $1
  )
  union
  select c.parent_id from comment c join needed n on n.id = c.id where c.parent_id is not null
)
"""

LEFT = "author_id = $1 and id not in (select id from needed where id is not null)"
# The answer of a question goes with its comment: no foreign key does that.
UNANSWER = f"""
{ANSWERED} update post set best_answer_id = null
where best_answer_id in (select id from comment where {LEFT})
"""  # noqa: S608 - constants of this module
REMOVE_UNANSWERED = f"{ANSWERED} delete from comment where {LEFT}"  # noqa: S608 - as above


def _gone(table: str, condition: str = OWN) -> str:
    return f"delete from {table} where {condition}"  # noqa: S608 - constants of this module


def _owned(table: str, *secret: str) -> Personal:
    """A table whose rows are one person's alone: all exported, all removed."""
    return Personal(mine=OWN, secret=secret, erase=(_gone(table),))


TABLES: Mapping[str, Personal] = {
    "person": Personal(
        mine="id = $1",
        stays="as a nameless former member, so that what they wrote for an organisation keeps an author",
    ),
    "membership": _owned("membership"),
    "person_skill": _owned("person_skill"),
    "follow": _owned("follow"),
    "person_follow": Personal(
        mine="person_id = $1 or followed_id = $1",
        erase=(_gone("person_follow", "person_id = $1 or followed_id = $1"),),
    ),
    "skill_follow": _owned("skill_follow"),
    "mute": Personal(mine=OWN, erase=(_gone("mute", "person_id = $1 or muted_person_id = $1"),)),
    "block": Personal(
        mine="person_id = $1 and not by_organisation",
        erase=(_gone("block", "person_id = $1 or blocked_person_id = $1"),),
    ),
    "post": Personal(
        mine="author_id = $1",
        stays="they are the organisation's; their author is then a nameless former member",
    ),
    "post_draft": Personal(mine="author_id = $1", erase=(_gone("post_draft", "author_id = $1"),)),
    "post_revision": Personal(
        mine="edited_by_id = $1 or post_id in (select id from post where author_id = $1)",
        erase=("update post_revision set edited_by_id = null where edited_by_id = $1",),
    ),
    "comment": Personal(
        mine="author_id = $1",
        erase=(
            UNANSWER,
            REMOVE_UNANSWERED,
        ),
        stays="those that others answered; their author is then a nameless former member",
    ),
    "listing": Personal(
        mine="author_id = $1 or contact_id = $1",
        erase=(
            "update listing set contact_id = null where contact_id = $1",
            "update listing set author_id = null where author_id = $1",
        ),
        stays="they are the organisation's",
    ),
    "listing_step": Personal(
        mine="actor_id = $1",
        erase=("update listing_step set actor_id = null where actor_id = $1",),
        stays="the history of an organisation's listings, without who it was",
    ),
    "match_dismissal": Personal(
        mine="actor_id = $1",
        erase=("update match_dismissal set actor_id = null where actor_id = $1",),
        stays="what an organisation does not want to see, without who said so",
    ),
    "match_request": Personal(
        mine="asked_by_id = $1 or answered_by_id = $1",
        erase=(
            "update match_request set asked_by_id = null where asked_by_id = $1",
            "update match_request set answered_by_id = null where answered_by_id = $1",
        ),
        stays="what two organisations asked each other, without who did",
    ),
    "match_message": Personal(
        mine="author_id = $1",
        erase=("update match_message set author_id = null where author_id = $1",),
        stays="the other side has read them; without who wrote them",
    ),
    "match_reading": _owned("match_reading"),
    "exchange_person": Personal(
        mine=OWN,
        stays="that somebody went, then a nameless former member; where they still did, that ended",
    ),
    "agreement_version": Personal(
        mine="author_id = $1 or $1 = any(person_ids)",
        erase=("update agreement_version set author_id = null where author_id = $1",),
        stays="what two organisations agreed on; who went is a nameless former member there",
    ),
    "agreement_signature": Personal(
        mine=OWN,
        erase=("update agreement_signature set name = '-', person_id = null where person_id = $1",),
        stays="that an agreement was signed, and when; without who did",
    ),
    "exchange_line": Personal(
        mine="actor_id = $1",
        erase=("update exchange_line set actor_id = null where actor_id = $1",),
        stays="the history of an exchange, without who it was",
    ),
    "exchange_hours": Personal(
        mine="person_id = $1 or logged_by_id = $1 or confirmed_by_id = $1",
        erase=(
            "update exchange_hours set note = '' where person_id = $1 or logged_by_id = $1",
            "update exchange_hours set logged_by_id = null where logged_by_id = $1",
            "update exchange_hours set confirmed_by_id = null where confirmed_by_id = $1",
        ),
        stays="how long was worked, which two organisations confirmed; by a nameless former member",
    ),
    "exchange_reentry": Personal(
        mine="ticked_by_id = $1",
        erase=("update exchange_reentry set ticked_by_id = null where ticked_by_id = $1",),
        stays="what was seen to, without who did",
    ),
    "exchange_receipt": Personal(
        mine="recorded_by_id = $1 or confirmed_by_id = $1",
        erase=(
            "update exchange_receipt set recorded_by_id = null where recorded_by_id = $1",
            "update exchange_receipt set confirmed_by_id = null where confirmed_by_id = $1",
        ),
        stays="what came of an exchange, without who said so",
    ),
    "raised_skill": _owned("raised_skill"),
    "skill_evidence": _owned("skill_evidence"),
    "endorsement": Personal(
        mine="author_id = $1",
        erase=("update endorsement set author_id = null where author_id = $1",),
        stays="it is the organisation's",
    ),
    "calendar_feed": _owned("calendar_feed", "secret_hash"),
    "reaction": _owned("reaction"),
    "bookmark": _owned("bookmark"),
    "mention": _owned("mention"),
    "media": Personal(
        mine="uploaded_by_id = $1 or person_id = $1",
        erase=(
            _gone("media", "person_id = $1"),
            _gone(
                "media",
                "uploaded_by_id = $1 and post_id is null and organisation_id is null"
                " and match_message_id is null",
            ),
            "update media set name = '' where uploaded_by_id = $1",
        ),
        stays="pictures and files on an organisation's posts and messages, its logo and banner",
    ),
    "notification": _owned("notification"),
    "notification_actor": Personal(
        why="lines in the inboxes of others; what a person did is exported where it was done",
        erase=(
            (
                "update notification set actor_ids = array_remove(actor_ids, $1),"
                " actor_count = greatest(actor_count - 1, 0) where id in"
                " (select notification_id from notification_actor where person_id = $1)"
            ),
            (
                "update notification set actor_ids = array_remove(actor_ids, $1)"
                " where $1 = any(actor_ids)"
            ),
            _gone("notification_actor"),
        ),
    ),
    "notification_preference": _owned("notification_preference"),
    "digest_sent": _owned("digest_sent"),
    "feed_visit": _owned("feed_visit"),
    "saved_search": _owned("saved_search"),
    "market_search": _owned("market_search", "folded", "wanted"),
    "session": _owned("session", "secret_hash"),
    "access_token": _owned("access_token", "secret_hash"),
    "password_credential": _owned("password_credential", "hash"),
    "totp_credential": _owned("totp_credential", "sealed_secret", "last_step"),
    "recovery_code": _owned("recovery_code", "code_hash"),
    "passkey": _owned("passkey", "public_key", "credential_id"),
    "external_identity": _owned("external_identity"),
    "challenge": Personal(
        mine="person_id = $1 or email = $2",
        secret=("secret_hash", "state"),
        erase=(_gone("challenge", "person_id = $1 or email = $2"),),
    ),
    "data_export": Personal(mine=OWN, secret=("storage_key",), erase=(_gone("data_export"),)),
    "idempotency_record": _owned("idempotency_record", "input_hash"),
    "invitation": Personal(
        mine="email = $2 or invited_by_id = $1",
        secret=("secret_hash",),
        erase=(
            _gone("invitation", "email = $2 and $1::uuid is not null"),
            "update invitation set invited_by_id = null where invited_by_id = $1",
        ),
    ),
    "join_request": Personal(
        mine="person_id = $1 or decided_by_id = $1",
        erase=(
            _gone("join_request"),
            "update join_request set decided_by_id = null where decided_by_id = $1",
        ),
    ),
    "partnership": Personal(
        mine="requested_by_id = $1 or decided_by_id = $1",
        erase=(
            "update partnership set requested_by_id = null where requested_by_id = $1",
            "update partnership set decided_by_id = null where decided_by_id = $1",
        ),
    ),
    "domain_claim": Personal(
        mine="claimed_by_id = $1",
        erase=("update domain_claim set claimed_by_id = null where claimed_by_id = $1",),
    ),
    "audit_entry": Personal(
        mine="actor_id = $1",
        stays="that something was done in an organisation's name; by a nameless former member",
    ),
    "event": Personal(
        mine="actor_id = $1",
        stays="keys and kinds without any text; they are removed after the time set for events",
    ),
    "report": Personal(
        mine="reporter_id = $1",
        erase=(
            _gone("report"),
            "update report set reporter_id = null, text = '' where reporter_id = $1",
            "update report set addressee_id = null where addressee_id = $1",
        ),
    ),
    "moderation_action": Personal(
        mine="addressee_id = $1 or moderator_id = $1",
        secret=("moderator_id",),
        erase=(
            # The public log keeps kind, rule and time; the reason may name them.
            (
                "update moderation_action set person_id = null, addressee_id = null, reason = '-'"
                " where person_id = $1 or addressee_id = $1"
            ),
            "update moderation_action set moderator_id = null where moderator_id = $1",
        ),
    ),
    "appeal": Personal(
        mine="appellant_id = $1 or decided_by_id = $1",
        secret=("decided_by_id",),
        erase=(
            _gone("appeal", "appellant_id = $1"),
            "update appeal set decided_by_id = null where decided_by_id = $1",
        ),
    ),
    "organisation": Personal(
        why="what an organisation says about itself is the organisation's",
        stays="an organisation is nobody's; who works there is in the memberships",
    ),
}

# Rows whose counters move, gathered before anything is removed: counter, then the keys.
COUNTED: Mapping[str, str] = {
    "organisation.follower_count": "select organisation_id from follow where person_id = $1",
    "organisation.member_count": "select organisation_id from membership where person_id = $1",
    "skill.person_count": "select skill_id from person_skill where person_id = $1",
    "post.reaction_count": "select post_id from reaction where person_id = $1",
    "post.comment_count": "select distinct post_id from comment where author_id = $1",
}
# Their name in what others wrote is where a mention was: `@[Robin](per_0199…)`, and its link.
UNNAME = """
update {table} set
  body = regexp_replace(
    body, '@\\[[^\\]]*\\]\\(per_' || $1::text || '\\)', '@' || $2::text, 'g'
  ),
  body_html = regexp_replace(
    body_html, '<a [^>]*' || $1::text || '[^>]*>@[^<]*</a>', '@' || $2::text, 'g'
  )
where id in (
  select {column} from mention where person_id = $1::uuid and {column} is not null and {only}
)
"""
UNNAME_POSTS = UNNAME.format(table="post", column="post_id", only="comment_id is null")
UNNAME_COMMENTS = UNNAME.format(table="comment", column="comment_id", only="true")
# What an edit left behind, and drafts that were never published.
UNNAME_OLDER = tuple(
    f"""
    update {table} set body = regexp_replace(
      body, '@\\[[^\\]]*\\]\\(per_' || $1::text || '\\)', '@' || $2::text, 'g'
    ) where position('(per_' || $1::text || ')' in body) > 0
    """  # noqa: S608 - constants of this module
    for table in ("post_revision", "post_draft")
)
NAMELESS = """
update person set
  email = 'erased-' || id || '@erased.invalid', name = $2, headline = null, location = null,
  avatar_url = null, visibility = 'COLLEAGUES', digest = 'NONE', is_moderator = false,
  email_verified_at = null, suspended_at = null, erasure_requested_at = null,
  deactivated_at = coalesce(deactivated_at, now()), erased_at = now()
where id = $1
"""
