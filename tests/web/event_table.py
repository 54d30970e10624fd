"""What each mutation records: the table that `test_events` goes through."""

from __future__ import annotations

from tests.web.event_table_exchanges import EXCHANGES
from tests.web.event_table_market import MARKET
from tests.web.event_table_social import ASKED, COMMENT, HIDDEN, INVITED, PARTNERS, POST, SOCIAL
from tests.web.staging import case

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
SEARCH = """insert into saved_search (person_id, name, query) values ({cyd}, 'x', 'boats') returning id"""
MARKET_SEARCH = "insert into market_search (person_id, name, kinds) values ({cyd}, 'x', '{{OFFER}}') returning id"
NOTIFIED = "insert into notification (person_id, kind) values ({cyd}, 'FOLLOWED') returning id"
STRONG = "insert into organisation_strength (organisation_id, skill_id) values ({quay}, {skill}) returning id"
SKILLED = (
    "insert into person_skill (person_id, skill_id, level) values ({cyd}, {skill}, 3) returning id"
)
CLAIMED = """insert into domain_claim (organisation_id, domain, proof, token, claimed_by_id)
values ({quay}, {email of ann} || '.example', 'DNS', 'x', {ann}) returning id"""
TABLE = [
    *SOCIAL,
    *MARKET,
    *EXCHANGES,
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
            (
                "",
                "insert into feed_visit (person_id, seen_post_id, seen_at) values ({cyd}, {question}, now())",
            )
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
    case(
        "marketSearchCreate",
        "cyd",
        {"name": "x", "filter": {"kinds": ["OFFER"]}},
        repeats=True,
    ),
    case(
        "marketSearchEdit",
        "cyd",
        {"marketSearchId": "search", "expectedVersion": 1, "name": "y"},
        before=[("search", MARKET_SEARCH)],
    ),
    *(
        case(
            f"marketSearch{what}",
            "cyd",
            {"marketSearchId": "search"},
            before=[("search", MARKET_SEARCH)],
        )
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
                " values ({cyd}, sha256(uuid_send(uuidv7())), 'EMAIL', now() + interval '1 day') returning id",
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
                " values ({cyd}, 'x', sha256(uuid_send(uuidv7())), '{{READ}}') returning id",
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
    "calendarOpen",
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
