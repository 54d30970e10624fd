"""Every connection of the graph in every way of paging through it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.oracle.documents.cases import Case

TOWN = "node(id: <<org.town>>) { ... on Organisation { %s } }"
ORGANISATION = "node(id: <<org.open>>) { ... on Organisation { %s } }"
PERSON = "node(id: <<person.busy>>) { ... on Person { %s } }"
MEMBER = "node(id: <<person.member>>) { ... on Person { %s } }"
PAT = "node(id: <<person.pat>>) { ... on Person { %s } }"
NEL = "node(id: <<person.nel>>) { ... on Person { %s } }"
SEARCH = "node(id: <<saved_search.member_places>>) { ... on SavedSearch { %s } }"
EXCHANGE = "node(id: <<exchange.open_town>>) { ... on Exchange { %s } }"
LISTING = "node(id: <<listing.open_public>>) { ... on Listing { %s } }"
POST = "node(id: <<post.open_pat_public>>) { ... on Post { %s } }"
# Where each list is found; %s takes its arguments and selection.
PATHS = {
    "organisations by name": "list: organisations%s",
    "organisations by followers": "list: organisations(order: FOLLOWERS%s",
    "organisations by age": "list: organisations(order: NEWEST%s",
    "people by name": "list: people%s",
    "people by age": "list: people(order: NEWEST%s",
    "posts": "list: posts%s",
    "feed": "list: feed%s",
    "ranked feed": "list: rankedFeed%s",
    "skills by English label": "list: skills%s",
    "skills by Dutch label": "list: skills(order: LABEL_NL%s",
    "skills by people": "list: skills(order: PEOPLE%s",
    "search": 'list: search(query: "er"%s',
    "members": ORGANISATION % "list: members%s",
    "followers": ORGANISATION % "list: followers%s",
    "strengths": ORGANISATION % "list: strengths%s",
    "posts of an organisation": ORGANISATION % "list: posts%s",
    "memberships": PERSON % "list: memberships%s",
    "skills of a person": PERSON % "list: skills%s",
    "posts of a person": PERSON % "list: posts%s",
    "following": MEMBER % "list: following%s",
    "following people": MEMBER % "list: followingPeople%s",
    "followed skills": MEMBER % "list: followedSkills%s",
    "followers of a person": PAT % "list: followers%s",
    "mutual followers of a person": NEL % "list: mutualFollowers%s",
    "mutual followers": ORGANISATION % "list: mutualFollowers%s",
    "own follows of organisations": MEMBER % "list: organisationFollows%s",
    "own follows of people": MEMBER % "list: personFollows%s",
    "own follows of skills": MEMBER % "list: skillFollows%s",
    "saved searches": MEMBER % "list: savedSearches%s",
    "a saved search": SEARCH % "list: posts%s",
    "own searches of the market": MEMBER % "list: marketSearches%s",
    "a search of the market": "node(id: <<market_search.member_all>>) { ... on MarketSearch { list: listings%s } }",
    "who looked": "listing(id: <<listing.open_public>>) { list: lookers%s }",
    "own mutes": MEMBER % "list: mutes%s",
    "own sessions": MEMBER % "list: sessions%s",
    "own tokens": MEMBER % "list: accessTokens%s",
    "own passkeys": MEMBER % "list: passkeys%s",
    "own notifications": MEMBER % "list: notifications%s",
    "posts about a skill": "skill(id: <<skl.posted>>) { list: posts%s }",
    "followers of a skill": "skill(id: <<skl.followed>>) { list: followers%s }",
    "blocks": "list: blocks%s",
    "reports": "list: reports%s",
    "exports": MEMBER % "list: dataExports%s",
    "moderation log": "list: moderationLog%s",
    "moderation queue": "list: moderationQueue%s",
    "appeals": "list: appealQueue%s",
    "notices": "list: moderationNotices%s",
    "reports of a case": "node(id: <<case.member_post.town_author_followers>>) "
    "{ ... on ModerationCase { list: reports%s } }",
    "blocks of an organisation": "node(id: <<org.town>>) { ... on Organisation { list: blocks%s } }",
    "invitations": ORGANISATION % "list: invitations%s",
    "requests to join": ORGANISATION % "list: joinRequests%s",
    "domain claims": TOWN % "list: domainClaims%s",
    "partners": ORGANISATION % "list: partners%s",
    "partnerships": ORGANISATION % "list: partnerships%s",
    "audit trail": TOWN % "list: auditTrail%s",
    "own invitations": MEMBER % "list: invitations%s",
    "own requests to join": MEMBER % "list: joinRequests%s",
    "comments": POST % "list: comments%s",
    "comments, threaded": POST % "list: comments(threaded: true%s",
    "reactions": POST % "list: reactions%s",
    "reposts": POST % "list: reposts%s",
    "revisions": POST % "list: revisions%s",
    "drafts": ORGANISATION % "list: drafts%s",
    "bookmarks": MEMBER % "list: bookmarks%s",
    "replies": "node(id: <<comment.open_pat_public_0>>) { ... on Comment { list: replies%s } }",
    "skills of a cluster": "node(id: <<scl.large>>) { ... on SkillCluster { list: skills%s } }",
    "broader": "skill(id: <<skl.narrow>>) { list: broader%s }",
    "narrower": "skill(id: <<skl.broad>>) { list: narrower%s }",
    "related": "skill(id: <<skl.related>>) { list: related%s }",
    "people with a skill": "skill(id: <<skl.held>>) { list: people%s }",
    "declarers": "skill(id: <<skl.declared>>) { list: organisations%s }",
    "places": "list: places%s",
    "listings": ORGANISATION % "list: listings%s",
    "listings that name a skill": "skill(id: <<skl.listed>>) { list: listings%s }",
    "posts about a listing": LISTING % "list: posts%s",
    "history": LISTING % "list: history%s",
    "matches": LISTING % "list: matches(nearMisses: true%s",
    "match suggestions": ORGANISATION % "list: matchSuggestions(nearMisses: true%s",
    "match requests": ORGANISATION % "list: matchRequests%s",
    "exchanges": ORGANISATION % "list: exchanges%s",
    "evidence": ORGANISATION % "list: skillProofs%s",
    "endorsements": ORGANISATION % "list: endorsements%s",
    "own exchanges": MEMBER % "list: exchanges%s",
    "raised skills": MEMBER % "list: raisedSkills%s",
    "versions": EXCHANGE % "list: versions%s",
    "signatures": EXCHANGE % "list: signatures%s",
    "history of an exchange": EXCHANGE % "list: history%s",
    "hours": EXCHANGE % "list: hours%s",
    "messages": "node(id: <<match_request.open_town>>) "
    "{ ... on MatchRequest { list: messages%s } }",
}
# Lists that only moderators read.
MODERATED = {"moderation queue", "appeals", "reports of a case"}
SIZES = {"first", "last"}
PAGE_INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
WHOLE = "{ totalCount edges { cursor node { ... on Node { id } } } " + PAGE_INFO + " }"
# The page and the cursors of the list as the member sees it; in variables, so that what differs in
# values only is one document.
MODES: dict[str, dict[str, int]] = {
    "first after": {"first": 2, "after": 1},
    "last before": {"last": 2, "before": 2},
    "first between": {"first": 1, "after": 0, "before": 3},
    "last between": {"last": 1, "after": 0, "before": 3},
    "all between": {"first": 100, "after": 0, "before": 3},
    "nothing between": {"first": 5, "after": 2, "before": 1},
    "after the end": {"first": 3, "after": -1},
    "before the start": {"last": 3, "before": 0},
}
# In turns: these are alike for all lists. `<<0>>` is the first cursor.
LITERAL = {
    "default": ("", "{ " + PAGE_INFO + " nodes { ... on Node { id } } }"),
    "first": ("first: 2", WHOLE),
    "last": ("last: 2", WHOLE),
    "first before": ("first: 2, before: <<3>>", WHOLE),
    "last after": ("last: 2, after: <<0>>", WHOLE),
    "count": ("", "{ totalCount }"),
    "page information": ("first: 3", "{ " + PAGE_INFO + " }"),
    "edges": ("last: 3", "{ edges { cursor } }"),
    "edges and nodes": (
        "first: 3",
        "{ edges { __typename node { __typename } } nodes { __typename } __typename }",
    ),
}
EACH = 4
SISTERS = {"organisations by age", "people by age", "skills by Dutch label", "comments, threaded"}
CURSOR = re.compile(r"<<(-?\d)>>")


def cursor_query(path: str) -> str:
    """Give the document that lists the cursors of a list."""
    return "{ " + filled(path, "first: 100", "{ edges { cursor } }") + " }"


def cases() -> Iterator[Case]:
    """Give the documents for every list."""
    for number, (place, path) in enumerate(PATHS.items()):
        # Lists that differ in their order alone are walked in one order by all modes.
        for mode, page in ({} if place in SISTERS else MODES).items():
            header = ", ".join(f"${n}: {'Int' if n in SIZES else 'String'}" for n in page)
            arguments = ", ".join(f"{name}: ${name}" for name in page)
            yield Case(
                f"{place}: {mode}",
                f"query Page({header}) {{ {filled(path, arguments, WHOLE)} }}",
                {
                    name: value if name in SIZES else f"<<cursor {place}|{value}>>"
                    for name, value in page.items()
                },
                brief=True,
            )
        for turn, (mode, (arguments, selection)) in enumerate(LITERAL.items()):
            if (turn + number) % EACH == 0:
                named = CURSOR.sub(rf"<<cursor {place}|\1>>", arguments)
                text = "{ " + filled(path, named, selection) + " }"
                yield Case(f"{place}: {mode}", text, brief=True)


def filled(path: str, arguments: str, selection: str) -> str:
    """Give the selection of a list with arguments and what is selected of it."""
    before = path.partition("%s")[0]
    if before.rpartition("list: ")[2].count("("):
        filling = f"{', ' if arguments else ''}{arguments}) {selection}"
    else:
        filling = f"({arguments}) {selection}" if arguments else f" {selection}"
    return path.replace("%s", filling)
