"""Every write records what happened, with the ids that tell who is to know of it; once, or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

import httpx2
import pytest

from schema import prefixes
from schema.build import build_schema
from subscriptions.events import COLUMNS, Event, event_of
from tests.making import Maker, Place, Someone
from tests.web.serving import ask, data_of, done

PREFIXES = {
    "person": prefixes.PERSON,
    "organisation": prefixes.ORGANISATION,
    "organisation_strength": prefixes.STRENGTH,
    "membership": prefixes.MEMBERSHIP,
    "person_skill": prefixes.PERSON_SKILL,
    "post": prefixes.POST,
    "post_draft": prefixes.POST_DRAFT,
    "comment": prefixes.COMMENT,
    "skill": prefixes.SKILL,
    "invitation": prefixes.INVITATION,
    "join_request": prefixes.JOIN_REQUEST,
    "partnership": prefixes.PARTNERSHIP,
    "domain_claim": prefixes.DOMAIN_CLAIM,
    "block": prefixes.BLOCK,
    "media": prefixes.MEDIA,
    "moderation_action": prefixes.MODERATION_ACTION,
    "appeal": prefixes.APPEAL,
    "notification": prefixes.NOTIFICATION,
    "saved_search": prefixes.SAVED_SEARCH,
    "session": prefixes.SESSION,
    "access_token": prefixes.ACCESS_TOKEN,
}
INSERTED = re.compile(r"insert into (\w+)")
# Ids of the post and the comment of the stage, as events about them carry them.
POST = "post_id=post author_id=ann audience=NETWORK"
QUESTION = "post_id=question author_id=ann audience=NETWORK"
COMMENT = "comment_id=comment post_id=question author_id=cyd"
# Statements before the mutation, by what they make.
REACTED = "insert into reaction (person_id, post_id, kind) values ({cyd}, {post}, 'LIKE')"
FOLLOWS = "insert into follow (person_id, organisation_id) values ({cyd}, {quay})"
KNOWS = "insert into person_follow (person_id, followed_id) values ({cyd}, {ann})"
INVITED = """insert into invitation (organisation_id, email, invited_by_id, secret_hash, expires_at)
values ({quay}, {email of cyd}, {ann}, uuid_send(uuidv7()), now() + interval '1 day') returning id"""
ASKED = "insert into join_request (organisation_id, person_id) values ({quay}, {cyd}) returning id"
PARTNERS = """insert into partnership (requester_id, addressee_id, status)
values ({quay}, {mill}, 'ACTIVE') returning id"""
PROPOSED = (
    "insert into partnership (requester_id, addressee_id) values ({mill}, {quay}) returning id"
)
UPLOAD = """insert into media (uploaded_by_id, purpose, storage_key, content_type, byte_count, width, height)
values ({ann}, '%s', uuidv7()::text, 'image/webp', 10, 10, 10) returning id"""
ACTED = """insert into moderation_action
(moderator_id, kind, rule, subject_type, post_id, addressee_id, reason)
values ({mod}, 'HIDE', 'SPAM', 'POST', {post}, {ann}, 'x') returning id"""
APPEALED = (
    "insert into appeal (action_id, appellant_id, text) values ({action}, {ann}, 'x') returning id"
)
HIDDEN = "update post set hidden_at = now() where id = {post}"
DRAFT = """insert into post_draft (organisation_id, author_id, kind, body, language, audience)
values ({quay}, {ann}, 'MESSAGE', 'Later', 'EN', 'NETWORK') returning id"""
SEARCH = """insert into saved_search (person_id, name, query) values ({cyd}, 'x', 'boats') returning id"""
NOTIFIED = "insert into notification (person_id, kind) values ({cyd}, 'FOLLOWED') returning id"
STRONG = "insert into organisation_strength (organisation_id, skill_id) values ({quay}, {skill}) returning id"
SKILLED = (
    "insert into person_skill (person_id, skill_id, level) values ({cyd}, {skill}, 3) returning id"
)
CLAIMED = """insert into domain_claim (organisation_id, domain, proof, token, claimed_by_id)
values ({quay}, {email of ann} || '.example', 'DNS', 'x', {ann}) returning id"""
REPOSTED = """insert into post (organisation_id, author_id, kind, body, language, audience, repost_of_id)
values ({mill}, {eve}, 'REPOST', '%s', 'EN', 'NETWORK', {post}) returning id"""
BLOCKED = "insert into block (person_id, blocked_person_id) values ({cyd}, {ann}) returning id"
BLOCKS = "insert into block (person_id, organisation_id, by_organisation) values ({cyd}, {quay}, true) returning id"


@dataclass
class Case:
    """A mutation as somebody sends it, and the events that it is."""

    mutation: str
    who: str
    given: dict[str, Any]
    events: list[str]
    # What is there before: name of the row, statement.
    before: list[tuple[str, str]] = field(default_factory=list)
    # Sent anew it may do a new thing.
    repeats: bool = False
    name: str = ""


def case(
    mutation: str,
    who: str,
    given: dict[str, Any],
    *events: str,
    before: list[tuple[str, str]] | None = None,
    repeats: bool = False,
    name: str = "",
) -> Any:
    """Give a parameter of the table."""
    return pytest.param(
        Case(mutation, who, given, list(events), before or [], repeats),
        id=f"{mutation} {name}".strip(),
    )


# An event is written: kind, who did it, what it is about, organisation; then the ids of its kind.
TABLE = [
    case(
        "postPublish",
        "ann",
        {"organisationId": "quay", "body": "Hello", "audience": "PARTNERS"},
        "POST_PUBLISHED ann new quay post_id=new author_id=ann audience=PARTNERS",
        repeats=True,
    ),
    case(
        "postRepost",
        "eve",
        {"postId": "post", "organisationId": "mill", "audience": "FOLLOWERS"},
        "POST_PUBLISHED eve new mill post_id=new author_id=eve audience=FOLLOWERS",
        f"POST_REPOSTED eve post quay {POST} change=ADDED repost_id=new",
    ),
    case(
        "postEdit",
        "ann",
        {"postId": "post", "expectedVersion": 1, "body": "Bye"},
        f"POST_EDITED ann post quay {POST}",
    ),
    case(
        "postEdit",
        "ann",
        {"postId": "post", "expectedVersion": 1, "audience": "ORGANISATION"},
        "POST_EDITED ann post quay post_id=post author_id=ann audience=ORGANISATION was_audience=NETWORK",
        name="for fewer",
    ),
    case("postPin", "ann", {"postId": "post"}, f"POST_PINNED ann post quay {POST} change=ADDED"),
    case(
        "postUnpin",
        "ann",
        {"postId": "post"},
        f"POST_PINNED ann post quay {POST} change=REMOVED",
        before=[("", "update post set pinned_at = now() where id = {post}")],
    ),
    case("postUnpin", "ann", {"postId": "post"}, name="of none"),
    case(
        "postDelete",
        "ann",
        {"postId": "post"},
        f"POST_DELETED ann post quay {POST}",
        "POST_DELETED ann repost mill post_id=repost author_id=eve audience=NETWORK",
        before=[("repost", REPOSTED % ""), ("", REPOSTED % "Look")],
        name="with reposts",
    ),
    case(
        "postDelete",
        "eve",
        {"postId": "repost"},
        f"POST_REPOSTED eve post quay {POST} change=REMOVED repost_id=repost",
        "POST_DELETED eve repost mill post_id=repost author_id=eve audience=NETWORK",
        before=[("repost", REPOSTED % "Look")],
        name="of a repost",
    ),
    case(
        "postDelete",
        "ann",
        {"postId": "post"},
        f"POST_DELETED ann post quay {POST} is_hidden=True",
        before=[("", HIDDEN)],
        name="that is hidden",
    ),
    case(
        "postReact",
        "cyd",
        {"postId": "post", "kind": "LIKE"},
        f"POST_REACTED cyd post quay {POST} change=ADDED",
    ),
    case(
        "postReact",
        "cyd",
        {"postId": "post", "kind": "INSIGHTFUL"},
        f"POST_REACTED cyd post quay {POST} change=CHANGED",
        before=[("", REACTED)],
        name="otherwise",
    ),
    case(
        "postReact",
        "cyd",
        {"postId": "post", "kind": "LIKE"},
        before=[("", REACTED)],
        name="the same",
    ),
    case(
        "postUnreact",
        "cyd",
        {"postId": "post"},
        f"POST_REACTED cyd post quay {POST} change=REMOVED",
        before=[("", REACTED)],
    ),
    case("postUnreact", "cyd", {"postId": "post"}, name="of none"),
    case("postBookmark", "cyd", {"postId": "post"}),
    case("postUnbookmark", "cyd", {"postId": "post"}),
    case(
        "commentAdd",
        "ben",
        {"postId": "question", "body": "Hi", "parentId": "comment"},
        "COMMENT_ADDED ben new quay comment_id=new post_id=question author_id=ben parent_id=comment",
        repeats=True,
    ),
    case(
        "commentEdit",
        "cyd",
        {"commentId": "comment", "expectedVersion": 1, "body": "Bye"},
        f"COMMENT_EDITED cyd comment quay {COMMENT}",
    ),
    case(
        "commentDelete",
        "ann",
        {"commentId": "comment"},
        f"COMMENT_DELETED ann comment quay {COMMENT}",
    ),
    case(
        "commentDelete",
        "cyd",
        {"commentId": "answer"},
        "COMMENT_DELETED cyd answer quay comment_id=answer post_id=question author_id=cyd parent_id=comment",
        f"COMMENT_DELETED cyd comment quay {COMMENT}",
        before=[
            (
                "answer",
                "insert into comment (post_id, author_id, parent_id, body)"
                " values ({question}, {cyd}, {comment}, 'x') returning id",
            ),
            ("", "update comment set body = '', deleted_at = now() where id = {comment}"),
        ],
        name="with the place above it",
    ),
    case(
        "postChooseAnswer",
        "ann",
        {"postId": "question", "commentId": "comment"},
        f"ANSWER_CHOSEN ann question quay {QUESTION} comment_id=comment",
    ),
    case(
        "postChooseAnswer",
        "ann",
        {"postId": "question", "commentId": None},
        f"ANSWER_CHOSEN ann question quay {QUESTION}",
        before=[("", "update post set best_answer_id = {comment} where id = {question}")],
        name="none",
    ),
    case("postDraftSave", "ann", {"organisationId": "quay", "body": "x"}, repeats=True),
    case(
        "postDraftEdit",
        "ann",
        {"draftId": "draft", "expectedVersion": 1, "body": "x"},
        before=[("draft", DRAFT)],
    ),
    case(
        "postDraftSchedule",
        "ann",
        {"draftId": "draft", "expectedVersion": 1},
        before=[("draft", DRAFT)],
    ),
    case(
        "postDraftPublish",
        "ann",
        {"draftId": "draft", "expectedVersion": 1},
        "POST_PUBLISHED ann new quay post_id=new author_id=ann audience=NETWORK",
        before=[("draft", DRAFT)],
    ),
    case("postDraftDelete", "ann", {"draftId": "draft"}, before=[("draft", DRAFT)]),
    case(
        "organisationFollow",
        "cyd",
        {"organisationId": "quay"},
        "FOLLOW_CHANGED cyd quay quay follower_id=cyd change=ADDED",
    ),
    case(
        "organisationFollow",
        "cyd",
        {"organisationId": "quay", "notify": True},
        "FOLLOW_CHANGED cyd quay quay follower_id=cyd change=CHANGED",
        before=[("", FOLLOWS)],
        name="otherwise",
    ),
    case(
        "organisationUnfollow",
        "cyd",
        {"organisationId": "quay"},
        "FOLLOW_CHANGED cyd quay quay follower_id=cyd change=REMOVED",
        before=[("", FOLLOWS)],
    ),
    case("organisationUnfollow", "cyd", {"organisationId": "quay"}, name="of none"),
    case(
        "personFollow",
        "cyd",
        {"personId": "ann"},
        "FOLLOW_CHANGED cyd ann - follower_id=cyd change=ADDED followed_id=ann",
    ),
    case(
        "personUnfollow",
        "cyd",
        {"personId": "ann"},
        "FOLLOW_CHANGED cyd ann - follower_id=cyd change=REMOVED followed_id=ann",
        before=[("", KNOWS)],
    ),
    case(
        "skillFollow",
        "cyd",
        {"skillId": "skill"},
        "FOLLOW_CHANGED cyd skill - follower_id=cyd change=ADDED skill_id=skill",
    ),
    case(
        "skillUnfollow",
        "cyd",
        {"skillId": "skill"},
        "FOLLOW_CHANGED cyd skill - follower_id=cyd change=REMOVED skill_id=skill",
        before=[("", "insert into skill_follow (person_id, skill_id) values ({cyd}, {skill})")],
    ),
    *(
        case(f"{what}{done}", "cyd", {f"{what}Id": subject})
        for what, subject in (("organisation", "quay"), ("person", "ann"), ("skill", "skill"))
        for done in ("Mute", "Unmute")
    ),
    case(
        "personBlock",
        "cyd",
        {"personId": "ann"},
        "FOLLOW_CHANGED cyd ann - follower_id=cyd change=REMOVED followed_id=ann",
        "INVITATION_CHANGED cyd invitation quay",
        "BLOCK_CHANGED cyd new - change=ADDED person_id=cyd blocked_person_id=ann",
        before=[("", KNOWS), ("invitation", INVITED)],
    ),
    case(
        "organisationBlock",
        "cyd",
        {"organisationId": "quay"},
        "FOLLOW_CHANGED cyd quay quay follower_id=cyd change=REMOVED",
        "INVITATION_CHANGED cyd invitation quay",
        "JOIN_REQUEST_CHANGED cyd request quay person_id=cyd",
        "BLOCK_CHANGED cyd new - change=ADDED person_id=cyd blocked_organisation_id=quay",
        before=[("", FOLLOWS), ("invitation", INVITED), ("request", ASKED)],
    ),
    case(
        "organisationBlockPerson",
        "ann",
        {"organisationId": "quay", "personId": "cyd"},
        "FOLLOW_CHANGED ann quay quay follower_id=cyd change=REMOVED",
        "BLOCK_CHANGED ann new quay change=ADDED blocked_person_id=cyd",
        before=[("", FOLLOWS)],
    ),
    case(
        "blockRemove",
        "cyd",
        {"blockId": "block"},
        "BLOCK_CHANGED cyd block - change=REMOVED person_id=cyd blocked_person_id=ann",
        before=[("block", BLOCKED)],
    ),
    case(
        "blockRemove",
        "ann",
        {"blockId": "block"},
        "BLOCK_CHANGED ann block quay change=REMOVED blocked_person_id=cyd",
        before=[("block", BLOCKS)],
        name="of an organisation",
    ),
    case(
        "organisationCreate",
        "cyd",
        {"name": "Loft", "kind": "COMPANY", "sector": "TECHNOLOGY", "sizeBand": "SMALL"},
        "ORGANISATION_CREATED cyd new new",
        "MEMBERSHIP_CHANGED cyd other new person_id=cyd change=ADDED",
        repeats=True,
    ),
    case(
        "organisationEdit",
        "ann",
        {"organisationId": "quay", "expectedVersion": 1, "name": "Pier"},
        "ORGANISATION_EDITED ann quay quay",
    ),
    *(
        case(
            f"organisationSet{what}",
            "ann",
            {"organisationId": "quay", "mediaId": "upload"},
            "ORGANISATION_EDITED ann quay quay",
            before=[("upload", UPLOAD % what.upper())],
        )
        for what in ("Logo", "Banner")
    ),
    case(
        "strengthDeclare",
        "ann",
        {"organisationId": "quay", "skillId": "skill"},
        "ORGANISATION_EDITED ann new quay",
    ),
    case(
        "strengthEdit",
        "ann",
        {"strengthId": "strength", "statement": "x"},
        "ORGANISATION_EDITED ann strength quay",
        before=[("strength", STRONG)],
        repeats=True,
    ),
    case(
        "strengthWithdraw",
        "ann",
        {"strengthId": "strength"},
        "ORGANISATION_EDITED ann strength quay",
        before=[("strength", STRONG)],
    ),
    case("domainClaim", "ann", {"organisationId": "quay", "domain": "quay-works.example"}),
    case(
        "domainRelease",
        "ann",
        {"claimId": "claim"},
        "ORGANISATION_EDITED ann quay quay",
        before=[("claim", CLAIMED)],
    ),
    case(
        "identityProviderRemove",
        "ann",
        {"organisationId": "quay"},
        "ORGANISATION_EDITED ann quay quay",
        before=[
            (
                "",
                "insert into identity_provider (organisation_id, issuer, client_id,"
                " sealed_client_secret, email_domain, default_role) values ({quay}, 'https://x.example',"
                " 'x', 'x', uuidv7()::text || '.example', 'MEMBER')",
            )
        ],
    ),
    case(
        "identityProviderSet",
        "ann",
        {
            "organisationId": "quay",
            "issuer": "https://id.example",
            "clientId": "x",
            "clientSecret": "y",
        },
        "ORGANISATION_EDITED ann quay quay",
        before=[
            (
                "",
                "update organisation set verified_domain = uuidv7()::text || '.example'"
                " where id = {quay}",
            )
        ],
        repeats=True,
    ),
    case(
        "membershipChangeRole",
        "ann",
        {"membershipId": "of ben", "role": "MEMBER"},
        "MEMBERSHIP_CHANGED ann of ben quay person_id=ben change=CHANGED",
        "INVITATION_CHANGED ann invitation quay",
        before=[("invitation", INVITED.replace("{ann}", "{ben}"))],
    ),
    case(
        "membershipEdit",
        "ben",
        {"membershipId": "of ben", "title": "Cook"},
        "MEMBERSHIP_CHANGED ben of ben quay person_id=ben change=CHANGED",
    ),
    case(
        "membershipEnd",
        "ann",
        {"membershipId": "of ben"},
        "MEMBERSHIP_CHANGED ann of ben quay person_id=ben change=REMOVED",
    ),
    case(
        "organisationLeave",
        "ben",
        {"organisationId": "quay"},
        "MEMBERSHIP_CHANGED ben of ben quay person_id=ben change=REMOVED",
    ),
    case(
        "organisationHandOver",
        "ann",
        {"organisationId": "quay", "personId": "ben"},
        "MEMBERSHIP_CHANGED ann of ben quay person_id=ben change=CHANGED",
        "MEMBERSHIP_CHANGED ann of ann quay person_id=ann change=CHANGED",
    ),
    case(
        "invitationCreate",
        "ann",
        {"organisationId": "quay", "email": "somebody@new.example"},
        "INVITATION_CHANGED ann new quay",
    ),
    case(
        "invitationAccept",
        "cyd",
        {"invitationId": "invitation"},
        "JOIN_REQUEST_CHANGED cyd request quay person_id=cyd",
        "MEMBERSHIP_CHANGED cyd new quay person_id=cyd change=ADDED",
        "INVITATION_CHANGED cyd invitation quay",
        before=[("invitation", INVITED), ("request", ASKED)],
    ),
    case(
        "invitationDecline",
        "cyd",
        {"invitationId": "invitation"},
        "INVITATION_CHANGED cyd invitation quay",
        before=[("invitation", INVITED)],
    ),
    case(
        "invitationRevoke",
        "ann",
        {"invitationId": "invitation"},
        "INVITATION_CHANGED ann invitation quay",
        before=[("invitation", INVITED)],
    ),
    case(
        "joinRequestCreate",
        "cyd",
        {"organisationId": "quay"},
        "JOIN_REQUEST_CHANGED cyd new quay person_id=cyd",
    ),
    case(
        "joinRequestWithdraw",
        "cyd",
        {"joinRequestId": "request"},
        "JOIN_REQUEST_CHANGED cyd request quay person_id=cyd",
        before=[("request", ASKED)],
    ),
    case(
        "joinRequestAccept",
        "ann",
        {"joinRequestId": "request"},
        "JOIN_REQUEST_CHANGED ann request quay person_id=cyd",
        "INVITATION_CHANGED ann invitation quay",
        "MEMBERSHIP_CHANGED ann new quay person_id=cyd change=ADDED",
        before=[("request", ASKED), ("invitation", INVITED)],
    ),
    case(
        "joinRequestDecline",
        "ann",
        {"joinRequestId": "request"},
        "JOIN_REQUEST_CHANGED ann request quay person_id=cyd",
        before=[("request", ASKED)],
    ),
    case(
        "partnershipRequest",
        "ann",
        {"organisationId": "quay", "partnerId": "mill"},
        "PARTNERSHIP_CHANGED ann new quay partner_id=mill",
    ),
    *(
        case(
            f"partnership{answer}",
            "ann",
            {"partnershipId": "partnership"},
            "PARTNERSHIP_CHANGED ann partnership quay partner_id=mill",
            before=[("partnership", PROPOSED if answer != "End" else PARTNERS)],
        )
        for answer in ("Accept", "Decline", "End")
    ),
    case("reportFile", "cyd", {"reason": "SPAM", "postId": "post"}, "REPORT_FILED cyd new -"),
    *(
        case(
            "moderationAct",
            "mod",
            {"kind": "HIDE", "rule": "SPAM", "reason": "x", f"{what}Id": what},
            hidden,
            f"MODERATED mod new - person_id={whose}",
            name=f"hide {what}",
        )
        for what, whose, hidden in (
            ("post", "ann", f"POST_HIDDEN mod post quay {POST}"),
            ("comment", "cyd", f"COMMENT_HIDDEN mod comment quay {COMMENT}"),
        )
    ),
    *(
        case(
            "moderationAct",
            "mod",
            {"kind": "SUSPEND", "rule": "SPAM", "reason": "x", f"{what}Id": subject},
            suspended,
            "MODERATED mod new - person_id=ann",
            name=f"suspend {what}",
        )
        for what, subject, suspended in (
            ("person", "ann", "PERSON_SUSPENDED mod ann - person_id=ann"),
            ("organisation", "quay", "ORGANISATION_SUSPENDED mod quay quay"),
        )
    ),
    case(
        "moderationAct",
        "mod",
        {"kind": "RESTORE", "rule": "SPAM", "reason": "x", "postId": "post"},
        f"POST_RESTORED mod post quay {POST}",
        "MODERATED mod new - person_id=ann",
        before=[("", HIDDEN)],
        name="restore",
    ),
    case(
        "moderationAct",
        "mod",
        {"kind": "WARN", "rule": "SPAM", "reason": "x", "postId": "post"},
        "MODERATED mod new - person_id=ann",
        name="warn",
        repeats=True,
    ),
    case(
        "moderationAct",
        "mod",
        {"kind": "DISMISS", "rule": "SPAM", "reason": "x", "postId": "post"},
        "MODERATED mod new -",
        name="dismiss",
        repeats=True,
    ),
    case(
        "appealFile",
        "ann",
        {"actionId": "action", "text": "x"},
        "APPEAL_CHANGED ann new - person_id=ann",
        before=[("action", ACTED)],
    ),
    case(
        "appealDecide",
        "mod",
        {"appealId": "appeal", "granted": True, "answer": "x"},
        f"POST_RESTORED mod post quay {POST}",
        "APPEAL_CHANGED mod appeal - person_id=ann",
        before=[
            ("action", ACTED),
            ("appeal", APPEALED),
            ("", HIDDEN),
            ("", "update moderation_action set moderator_id = null where id = {action}"),
        ],
    ),
    case("personEdit", "cyd", {"expectedVersion": 1}, "PERSON_EDITED cyd cyd - person_id=cyd"),
    case(
        "personSetAvatar",
        "ann",
        {"mediaId": "upload"},
        "PERSON_EDITED ann ann - person_id=ann",
        before=[("upload", UPLOAD % "AVATAR")],
    ),
    case(
        "personSkillAdd",
        "cyd",
        {"skillId": "skill", "level": 3},
        "PERSON_EDITED cyd cyd - person_id=cyd",
    ),
    case(
        "personSkillEdit",
        "cyd",
        {"personSkillId": "skilled", "level": 4},
        "PERSON_EDITED cyd cyd - person_id=cyd",
        before=[("skilled", SKILLED)],
        repeats=True,
    ),
    case(
        "personSkillRemove",
        "cyd",
        {"personSkillId": "skilled"},
        "PERSON_EDITED cyd cyd - person_id=cyd",
        before=[("skilled", SKILLED)],
    ),
    case(
        "mediaDescribe",
        "ann",
        {"mediaId": "upload", "altText": "A boat"},
        f"POST_EDITED ann post quay {POST}",
        before=[
            ("upload", UPLOAD % "IMAGE"),
            ("", "update media set post_id = {post}, position = 0 where id = {upload}"),
        ],
    ),
    case("mediaDelete", "ann", {"mediaId": "upload"}, before=[("upload", UPLOAD % "IMAGE")]),
    case(
        "feedMarkSeen",
        "cyd",
        {"postId": "post"},
        "FEED_SEEN cyd cyd - person_id=cyd post_id=post",
    ),
    case(
        "feedMarkSeen",
        "cyd",
        {"postId": "post"},
        before=[
            ("", "insert into feed_visit (person_id, seen_post_id) values ({cyd}, {question})")
        ],
        name="backwards",
    ),
    case(
        "notificationsMarkRead",
        "cyd",
        {"upTo": "2999-01-01T00:00:00Z"},
        "NOTIFICATION_CHANGED cyd cyd - person_id=cyd change=READ notification_ids=line",
        before=[("line", NOTIFIED)],
    ),
    case(
        "notificationPreferenceSet",
        "cyd",
        {"kind": "FOLLOWED", "inApp": False},
        "NOTIFICATION_CHANGED cyd cyd - person_id=cyd change=CHANGED",
    ),
    case("savedSearchCreate", "cyd", {"name": "x", "query": "boats"}, repeats=True),
    case(
        "savedSearchEdit",
        "cyd",
        {"savedSearchId": "search", "expectedVersion": 1, "name": "y"},
        before=[("search", SEARCH)],
    ),
    *(
        case(f"savedSearch{what}", "cyd", {"savedSearchId": "search"}, before=[("search", SEARCH)])
        for what in ("Pause", "Resume", "Delete")
    ),
    case("accountExport", "cyd", {}),
    case(
        "accountEraseCancel",
        "cyd",
        {},
        "PERSON_EDITED cyd cyd - person_id=cyd",
        before=[("", "update person set erasure_requested_at = now() where id = {cyd}")],
    ),
    case(
        "sessionRevoke",
        "cyd",
        {"sessionId": "session"},
        "SESSION_ENDED cyd cyd - person_id=cyd session_id=session",
        before=[
            (
                "session",
                "insert into session (person_id, secret_hash, method, expires_at)"
                " values ({cyd}, uuid_send(uuidv7()), 'EMAIL', now() + interval '1 day') returning id",
            )
        ],
    ),
    case(
        "accessTokenRevoke",
        "cyd",
        {"accessTokenId": "other"},
        "TOKEN_REVOKED cyd cyd - person_id=cyd access_token_id=other",
        before=[
            (
                "other",
                "insert into access_token (person_id, name, secret_hash, scopes)"
                " values ({cyd}, 'x', uuid_send(uuidv7()), '{{READ}}') returning id",
            )
        ],
    ),
]
# Mutations that take a password, a session, a code or a device.
ELSEWHERE = {
    "accountSignUp",
    "accountConfirm",
    "accountErase",
    "passwordResetRequest",
    "passwordReset",
    "passwordChange",
    "emailChangeRequest",
    "emailChangeConfirm",
    "accessTokenCreate",
    "sessionOpen",
    "sessionClose",
    "sessionConfirm",
    "sessionsRevokeOthers",
    "totpSetUp",
    "totpConfirm",
    "totpRemove",
    "recoveryCodesRenew",
    "domainVerify",
    "passkeyRegisterBegin",
    "passkeyRegisterFinish",
    "passkeySignInBegin",
    "passkeySignInFinish",
    "passkeyRename",
    "passkeyRemove",
}


class Stage:
    """Some people and what they did, each by a name, and the events since."""

    def __init__(self, make: Maker, client: httpx2.Client) -> None:
        self.make = make
        self.client = client
        self.people: dict[str, Someone] = {}
        self.keys: dict[str, UUID] = {}
        self.ids: dict[str, str] = {}
        self.emails: dict[str, str] = {}
        self.last = 0

    async def set(self) -> None:
        """Make who and what every case knows."""
        for name in ("ann", "ben", "cyd", "eve", "mod"):
            columns = {"is_moderator": True} if name == "mod" else {}
            person = await self.make.person(name.title(), **columns)
            self.people[name] = person
            self.emails[name] = person.email
            self.call(name, "person", person.key)
        await self.make.connection.execute(
            "update person set email_verified_at = now() where id = $1", self.keys["cyd"]
        )
        for name, owner in (("quay", "ann"), ("mill", "eve")):
            place: Place = await self.make.organisation(name.title())
            self.call(name, "organisation", place.key)
            role = await self.make.member(self.people[owner], place, "OWNER")
            self.call(f"of {owner}", "membership", role)
            if name == "quay":
                ben = await self.make.member(self.people["ben"], place, "ADMIN")
                self.call("of ben", "membership", ben)
        skill = await self.make.connection.fetchval("select id from skill order by id limit 1")
        self.call("skill", "skill", skill)
        insert = (
            "insert into post (organisation_id, author_id, kind, body, language, audience)"
            " values ({quay}, {ann}, '%s', 'x', 'EN', 'NETWORK') returning id"
        )
        await self.run("post", insert % "MESSAGE")
        await self.run("question", insert % "QUESTION")
        await self.run(
            "comment",
            "insert into comment (post_id, author_id, body) values ({question}, {cyd}, 'x') returning id",
        )

    def call(self, name: str, table: str, key: UUID) -> None:
        """Give a row a name."""
        self.keys[name] = key
        self.ids[name] = f"{PREFIXES[table]}_{key}"

    async def run(self, name: str, statement: str) -> None:
        """Run a statement with names in braces; what it inserts gets a name."""
        values = {each: f"'{key}'::uuid" for each, key in self.keys.items()}
        values |= {f"email of {each}": f"'{email}'" for each, email in self.emails.items()}
        made = await self.make.connection.fetchval(
            re.sub(
                r"\{\{(\w+)\}\}|\{([\w ]+)\}",
                lambda m: f"{{{m[1]}}}" if m[1] else values[m[2]],
                statement,
            )
        )
        found = INSERTED.search(statement)
        if name and found:
            self.call(name, found[1], made)

    def send(self, case: Case, *, key: str | None = None, is_visitor: bool = False) -> Any:
        """Send the mutation and give the data."""
        given = {
            field: self.ids.get(value, value) if isinstance(value, str) else value
            for field, value in case.given.items()
        }
        if key:
            given["idempotencyKey"] = key
        name = case.mutation
        kind = f"{name[0].upper()}{name[1:]}Input"
        text = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code field }} }} }}"
        token = None if is_visitor else self.people[case.who].token
        return data_of(ask(self.client, text, {"input": given}, token=token))

    async def news(self) -> list[str]:
        """Give what was recorded since the last time, in words."""
        rows = await self.make.connection.fetch(
            f"select {COLUMNS} from event where id > $1 order by id", self.last
        )
        self.last = max([self.last, *(row["id"] for row in rows)])
        names = {key: name for name, key in self.keys.items()}

        def said(value: Any) -> str:
            if value is None:
                return "-"
            if isinstance(value, tuple):
                return ",".join(map(said, value))
            if not isinstance(value, UUID):
                return str(value)
            if value not in names:
                names[value] = "other" if "new" in names.values() else "new"
            return names[value]

        told = []
        for event in (event_of(dict(row)) for row in rows):
            assert event.version == 1
            words = [event.kind, said(event.actor_id), said(event.subject_id)]
            own = [
                f"{each.name}={said(value)}"
                for each in fields(event)
                if each.name not in {common.name for common in fields(Event)}
                and (value := getattr(event, each.name)) not in {None, False, ()}
            ]
            told.append(" ".join([*words, said(event.organisation_id), *own]))
        return told


@pytest.fixture
async def stage(make: Maker, town_client: httpx2.Client) -> Stage:
    stage = Stage(make, town_client)
    await stage.set()
    await stage.news()
    return stage


@pytest.mark.parametrize("case", TABLE)
async def test_a_write_records_what_happened_once(stage: Stage, case: Case) -> None:
    for name, statement in case.before:
        await stage.run(name, statement)
    stage.send(case, is_visitor=True)
    assert await stage.news() == []
    done(stage.send(case, key="k"), case.mutation)
    assert await stage.news() == case.events
    done(stage.send(case, key="k"), case.mutation)
    assert await stage.news() == []
    if not case.repeats:
        # Done already, or refused by now.
        stage.send(case)
        assert await stage.news() == []


def test_every_mutation_is_in_the_table_or_tested_by_itself() -> None:
    sdl = build_schema().as_str()
    block = sdl[sdl.index("type Mutation {") :]
    block = block[: block.index("\n}")]
    mutations = set(re.findall(r"^  (\w+)\(", block, re.MULTILINE))
    in_table = {param.values[0].mutation for param in TABLE}
    assert mutations - in_table == ELSEWHERE
    assert in_table <= mutations


async def test_what_is_undone_records_nothing(stage: Stage) -> None:
    given = {
        "organisationId": "quay",
        "body": "x",
        "skillIds": ["skl_01890000-0000-7000-8000-000000000000"],
    }
    answer = stage.send(Case("postPublish", "ann", given, []))
    assert [error["code"] for error in answer["postPublish"]["userErrors"]] == ["NOT_FOUND"]
    assert await stage.news() == []
