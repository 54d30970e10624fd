"""No field or argument of the graph is left to luck: the fixed documents exercise every one."""

from __future__ import annotations

import pytest
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_introspection_type,
    is_non_null_type,
)

from tests.oracle import belonging, exchanging, trading
from tests.oracle.comparing import ONE_BY_ONE, TOGETHER
from tests.oracle.documents.everything import CASES
from tests.oracle.ground import Ground
from tests.oracle.lists import LISTS
from tests.oracle.rules import TABLE_OF_TYPE

pytest_plugins = ["tests.oracle.fixtures"]

PUBLIC = {"ModerationLogEntry", "Place", "Skill", "SkillCluster", "SkillDomain"}
# The ends of the names of types that no read leads to.
WRITTEN = ("Mutation", "Payload", "UserError")
# What finds by words and ranks has tests of its own (tests/web/test_discover.py).
RANKED = (
    "Query.discover",
    "Discovery",
    "SnippetPart.",
    "KindCount.",
    "LanguageCount.",
    "SectorCount.",
    "OrganisationKindCount.",
    "Query.market",
    "MarketConnection.",
    "MarketEdge.",
    "MarketFacets.",
    "MarketSkillCount.",
    "ListingKindCount.",
    "ListingFormCount.",
    "ListingTermsCount.",
    # Not of the database at all.
    "Query.listingTemplates",
    "ListingTemplate.",
    "ProvinceCount.",
)
# What is pushed is compared with what is read, by tests of its own (tests/schema/test_live_oracle.py).
PUSHED = (
    "Query.liveCursor",
    "Subscription.",
    "FeedChange.",
    "PostChange.",
    "OrganisationChange.",
    "NotificationChange.",
    "MatchChange.",
    "ListingChange.",
    "ListingLookerChange.",
    "MatchRequestChange.",
    "ExchangeChange.",
    "NetworkPulse.",
    "SkillTrend.",
)
OF_THE_VIEWER = {
    "Query.viewer",
    "Organisation.viewerFollow",
    "Query.blocks",
    "Query.reports",
    "Query.appealQueue",
    "Query.moderationNotices",
    "Organisation.viewerFollows",
    "Organisation.viewerMutes",
    "FeedReason.organisation",
    "FeedReason.person",
    "FeedReason.skill",
    "SavedSearchSubject.skill",
    "SavedSearchSubject.organisation",
    "Query.newInFeed",
    "Person.viewerFollows",
    "Person.viewerFollow",
    "Person.viewerMutes",
    "Skill.viewerFollows",
    "Skill.viewerFollow",
    "Skill.viewerMutes",
    "Organisation.viewerRole",
    "Organisation.viewerJoinRequest",
    "Person.invitations",
    "Person.joinRequests",
    "Post.viewerReaction",
    "Post.viewerHasBookmarked",
    "Post.viewerCanEdit",
    "Comment.viewerCanEdit",
    "Comment.viewerCanDelete",
    "Listing.viewerCanManage",
    "MatchRequest.viewerCanAnswer",
}
# Whoever sees the parent sees all of these.
WITHIN_THEIR_PARENT = {
    # Only what may be seen is suggested.
    "Query.suggestedPeople",
    "Query.suggestedOrganisations",
    "PersonSuggestion.person",
    "OrganisationSuggestion.organisation",
    "Post.feedReasons",
    # What may not be seen is no candidate.
    "Query.rankedFeed",
    "Organisation.strengths",
    "Person.skills",
    "Post.reactions",
    "Notification.post",
    "Notification.comment",
    "Notification.organisation",
    "Notification.listing",
    "Notification.matchRequest",
    "Post.revisions",
    # A case is read by moderators, and they read all that is reported.
    "ModerationCase.reports",
    "ModerationCase.post",
    "ModerationCase.comment",
    "ModerationCase.organisation",
    "MatchRequest.messages",
    # Whoever sees an exchange sees all that belongs to it.
    "Exchange.agreement",
    "Exchange.versions",
    "Exchange.signatures",
    "Exchange.history",
    "Exchange.hours",
    "Exchange.receipt",
    "Notification.exchange",
    "Person.exchanges",
    # What is raised is one's own, wherever it was.
    "Person.raisedSkills",
    # Whoever may not see the person does not see what shows their skill.
    "SkillProof.person",
    # Whoever sees a match is on one of its sides.
    "Match.viewerSide",
}
OF_ONESELF = {
    "Person.email",
    "Person.emailVerifiedAt",
    "Person.locale",
    "Person.visibility",
    "Person.digest",
    "Person.showsLooks",
    "Person.erasureRequestedAt",
    "Person.version",
    "Person.secondFactors",
    "Person.recoveryCodesLeft",
}
# Yes only for who signs in with a session; here all bring tokens. tests/web/test_sessions.py has it.
OF_THE_REQUEST = {"Session.isCurrent"}
# Every branch of every rule, with an answer for somebody and a refusal for somebody else.
BRANCHES = {
    ("Organisation: in good standing", True),
    ("Organisation: suspended", True),
    ("Organisation: suspended", False),
    ("Organisation: blocked", False),
    ("Person: PUBLIC", True),
    ("Person: NETWORK", True),
    ("Person: NETWORK", False),
    ("Person: COLLEAGUES", True),
    ("Person: COLLEAGUES", False),
    ("Person: oneself", True),
    ("Person: deactivated", False),
    ("Person: suspended", True),
    ("Person: suspended", False),
    ("Person: blocked", False),
    ("Post: PUBLIC", True),
    ("Post: NETWORK", True),
    ("Post: NETWORK", False),
    ("Post: FOLLOWERS, member", True),
    ("Post: FOLLOWERS, follower", True),
    ("Post: FOLLOWERS", False),
    ("Post: PARTNERS, member", True),
    ("Post: PARTNERS, partner", True),
    ("Post: PARTNERS", False),
    ("Post: hidden by moderators", True),
    ("Post: hidden by moderators", False),
    ("Post: by somebody blocked", False),
    ("Post: ORGANISATION", True),
    ("Post: ORGANISATION", False),
    *(
        (f"Post: {name} of a hidden organisation", False)
        for name in ("PUBLIC", "NETWORK", "FOLLOWERS", "PARTNERS", "ORGANISATION")
    ),
    ("Comment: within its post", True),
    ("Comment: within its post", False),
    ("Comment: by somebody blocked", False),
    ("Comment: hidden by moderators", True),
    ("Comment: hidden by moderators", False),
    *((f"{name}: for moderators", True) for name in ("Organisation", "Person", "Post", "Comment")),
    ("Report: one's own", True),
    ("Report: somebody else's", True),
    ("Report: somebody else's", False),
    ("ModerationCase: closed", False),
    ("ModerationCase: a later report", False),
    ("ModerationCase: the first open report", True),
    ("ModerationCase: the first open report", False),
    ("ModerationAction: about oneself", True),
    ("ModerationAction: about one's organisation", True),
    ("ModerationAction: about somebody else", True),
    ("ModerationAction: about somebody else", False),
    ("Appeal: one's own", True),
    ("Appeal: somebody else's", True),
    ("Appeal: somebody else's", False),
    ("Block: a person's", True),
    ("Block: a person's", False),
    ("Block: an organisation's", True),
    ("Block: an organisation's", False),
    ("MarketSearch: one's own", True),
    ("MarketSearch: of somebody else", False),
    ("OrganisationFollow: one's own", True),
    ("OrganisationFollow: one's own", False),
    ("OrganisationFollow: somebody else's", False),
    ("Mention: in a post", True),
    ("Mention: in a post", False),
    ("Mention: in a comment", True),
    ("Mention: in a comment", False),
    ("PostDraft: of one's organisation", True),
    ("PostDraft: of one's organisation", False),
    ("PostDraft: of another organisation", False),
    ("PostRevision: within its post", True),
    ("PostRevision: within its post", False),
    ("Notification: one's own", True),
    ("Notification: somebody else's", False),
    ("Notification: about a hidden post", False),
    ("Notification: about a hidden comment", False),
    ("Notification: about a hidden organisation", False),
    ("Notification: by people who are blocked", False),
    ("Notification: switched off", False),
    ("Notification: about comments", True),
    ("Notification: about comments", False),
    ("Notification: to be decided", True),
    ("Notification: to be decided", False),
    ("Notification: to be decided on by partners", True),
    ("Notification: to be decided on by partners", False),
    ("Notification: an invitation", True),
    ("Notification: an invitation", False),
    ("Notification: about a hidden listing", False),
    *(
        (f"Notification: {branch}", seen)
        for branch in ("about a match request", "about matches")
        for seen in (True, False)
    ),
    ("Reaction: within its post", True),
    ("Reaction: within its post", False),
    ("Membership: within its person", True),
    ("Membership: within its person", False),
    ("Membership: within a hidden organisation", False),
    ("PersonSkill: within its person", True),
    ("PersonSkill: within its person", False),
    ("OrganisationStrength: within its organisation", True),
    ("OrganisationStrength: within its organisation", False),
    ("Media: on a post", True),
    ("Media: on a post", False),
    ("Media: on a message", True),
    ("Media: on a message", False),
    ("Media: a logo, banner or portrait", True),
    ("Media: unused", True),
    ("Media: unused", False),
    ("Session: one's own", True),
    ("Session: one's own", False),
    ("IdentityProvider: by its owners", True),
    ("IdentityProvider: by its owners", False),
    ("Passkey: one's own", True),
    ("Passkey: one's own", False),
    ("AccessToken: one's own", True),
    ("DataExport: one's own", True),
    ("DataExport: one's own", False),
    ("AccessToken: one's own", False),
    *belonging.BRANCHES,
    *trading.BRANCHES,
    *exchanging.BRANCHES,
    ("Notification: about an exchange", True),
    ("Notification: about an exchange", False),
    ("Skill: public", True),
    ("SkillCluster: public", True),
    ("SkillDomain: public", True),
}


@pytest.fixture(scope="session")
async def exercised(ground: Ground) -> dict[str, dict[str, set[str]]]:
    """What became of each field in the fixed documents, by mode; compares those not yet compared."""
    comparison = ground.comparison
    for case in CASES:
        if (case.name, ONE_BY_ONE) not in comparison.exercised:
            try:
                await comparison.fixed(case)
            except AssertionError:
                # Its own test says so.
                continue
    found: dict[str, dict[str, set[str]]] = {ONE_BY_ONE: {}, TOGETHER: {}}
    for (_, mode), fields in comparison.exercised.items():
        for name, outcomes in fields.items():
            found[mode].setdefault(name, set()).update(outcomes)
    return found


def fields(ground: Ground) -> dict[str, GraphQLField]:
    """Give every field of every object that can be read: what only mutations give, they test."""
    return {
        f"{type_.name}.{name}": definition
        for type_ in ground.oracle.schema.type_map.values()
        if isinstance(type_, GraphQLObjectType)
        and not is_introspection_type(type_)
        and not type_.name.endswith(WRITTEN)
        for name, definition in type_.fields.items()
        if not f"{type_.name}.{name}".startswith(RANKED + PUSHED)
    }


@pytest.mark.parametrize("mode", [ONE_BY_ONE, TOGETHER])
def test_every_field_gave_something(
    ground: Ground, exercised: dict[str, dict[str, set[str]]], mode: str
) -> None:
    silent = [name for name in fields(ground) if "yes" not in exercised[mode].get(name, ())]
    assert set(silent) - OF_THE_REQUEST == set()


@pytest.mark.parametrize("mode", [ONE_BY_ONE, TOGETHER])
def test_every_argument_was_given(
    ground: Ground, exercised: dict[str, dict[str, set[str]]], mode: str
) -> None:
    missing = [
        f"{name}({argument}:)"
        for name, definition in fields(ground).items()
        for argument in definition.args
        if f"({argument})" not in exercised[mode].get(name, ())
    ]
    assert missing == []


@pytest.mark.parametrize("mode", [ONE_BY_ONE, TOGETHER])
def test_what_depends_on_the_viewer_was_shown_to_some_and_hidden_from_others(
    ground: Ground, exercised: dict[str, dict[str, set[str]]], mode: str
) -> None:
    lacking = {}
    for name, definition in fields(ground).items():
        wanted = outcomes_of_dependent(name, definition)
        missing = wanted - exercised[mode].get(name, set())
        if missing:
            lacking[name] = missing
    assert lacking == {}


def test_every_rule_said_yes_to_some_and_no_to_others(ground: Ground) -> None:
    asked = set()
    for viewer in ground.viewers:
        rules = ground.oracle.rules(viewer.key)
        for type_name, table in TABLE_OF_TYPE.items():
            for row in ground.oracle.store.rows(table):
                rules.sees(type_name, row)
        asked |= set(rules.asked)
    assert BRANCHES - asked == set()


def outcomes_of_dependent(name: str, definition: GraphQLField) -> set[str]:
    """Give what a field must have come to, when its answer depends on who asks."""
    if name in WITHIN_THEIR_PARENT:
        return {"yes"}
    if name in OF_THE_VIEWER:
        return {"yes", "no"}
    if name in OF_ONESELF:
        return {"yes", "hidden"}
    inner = get_named_type(definition.type)
    owner = name.partition(".")[0]
    if owner.endswith(("Connection", "Edge")) or inner.name in PUBLIC:
        return set()
    if name in LISTS:
        return set() if LISTS[name][0] in PUBLIC else {"yes", "hidden"}
    is_object = isinstance(inner, GraphQLObjectType) or inner.name == "Node"
    if not is_object or (is_non_null_type(definition.type) and owner != "Query"):
        return set()
    return {"yes", "hidden"}
