"""What each mutation about posts, comments, follows and blocks records."""

from __future__ import annotations

from tests.web.staging import case

# Ids of the post and the comment of the stage, as events about them carry them.
POST = "post_id=post author_id=ann audience=NETWORK"
QUESTION = "post_id=question author_id=ann audience=NETWORK"
COMMENT = "comment_id=comment post_id=question author_id=cyd"
# Statements before the mutation, by what they make.
REACTED = "insert into reaction (person_id, post_id, kind) values ({cyd}, {post}, 'LIKE')"
FOLLOWS = "insert into follow (person_id, organisation_id) values ({cyd}, {quay})"
KNOWS = "insert into person_follow (person_id, followed_id) values ({cyd}, {ann})"
INVITED = """insert into invitation (organisation_id, email, role, invited_by_id, secret_hash, expires_at)
values ({quay}, {email of cyd}, 'MEMBER', {ann}, sha256(uuid_send(uuidv7())), now() + interval '1 day')
returning id"""
ASKED = "insert into join_request (organisation_id, person_id) values ({quay}, {cyd}) returning id"
PARTNERS = """insert into partnership (requester_id, addressee_id, status)
values ({quay}, {mill}, 'ACTIVE') returning id"""
HIDDEN = "update post set hidden_at = now() where id = {post}"
DRAFT = """insert into post_draft (organisation_id, author_id, kind, body, language, audience)
values ({quay}, {ann}, 'MESSAGE', 'Later', 'EN', 'NETWORK') returning id"""
REPOSTED = """insert into post (organisation_id, author_id, kind, body, language, audience, repost_of_id)
values ({mill}, {eve}, 'REPOST', '%s', 'EN', 'NETWORK', {post}) returning id"""
BLOCKED = "insert into block (person_id, blocked_person_id) values ({cyd}, {ann}) returning id"
BLOCKS = "insert into block (person_id, organisation_id, by_organisation) values ({cyd}, {quay}, true) returning id"


# An event is written: kind, who did it, what it is about, organisation; then the ids of its kind.
SOCIAL = [
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
        f"COMMENT_DELETED cyd comment quay {COMMENT}",
        "COMMENT_DELETED cyd answer quay comment_id=answer post_id=question author_id=cyd parent_id=comment",
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
]
