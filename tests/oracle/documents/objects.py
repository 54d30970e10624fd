"""Objects: every field of every type, single look-ups, `node` and `nodes`, unions and interfaces."""

from __future__ import annotations

from tests.oracle.documents import exchanges, looking, market
from tests.oracle.documents.cases import Case, case

# Every field of each type; related objects by id, lists with one item.
FIELDS = {
    "Organisation": """id slug name kind sector sizeBand about aboutHtml website location
        furtherSectors furtherLocations version viewerPermissions verifiedDomain logoUrl bannerUrl
        createdAt suspendedAt followerCount memberCount postCount viewerFollows viewerRole
        viewerFollow { id } viewerMutes mutualFollowers(first: 2) { nodes { id } }
        blocks(first: 2) { nodes { id } }
        members(first: 2) { nodes { id } } followers(first: 2) { nodes { id } }
        strengths(first: 2) { nodes { id } } posts(first: 2) { nodes { id } } pinnedPosts { id }
        drafts(first: 2) { nodes { id } } invitations(first: 2) { nodes { id } }
        joinRequests(first: 2) { nodes { id } } viewerJoinRequest { id }
        domainClaims(first: 2) { nodes { id } } partners(first: 2) { nodes { id } }
        partnerships(first: 2) { nodes { id } } auditTrail(first: 2) { nodes { id } }
        listings(first: 2) { nodes { id } } matchSuggestions(first: 2) { nodes { id } }
        matchRequests(first: 2) { nodes { id } }""",
    "Invitation": """id email role status createdAt expiresAt organisation { id }
        invitedBy { id }""",
    "JoinRequest": """id message outcome createdAt decidedAt personName person { id }
        organisation { id }""",
    "DomainClaim": """id domain proof recordName recordValue createdAt checkedAt verifiedAt
        organisation { id }""",
    "Partnership": """id status message createdAt decidedAt endedAt requester { id }
        addressee { id }""",
    "AuditEntry": """id action createdAt text actor { id } subject { __typename ... on Node { id } }
        organisation { id }""",
    "OrganisationStrength": "id statement createdAt skill { id } organisation { id }",
    "Person": """id name headline location avatarUrl createdAt email locale visibility
        memberships(first: 2) { nodes { id } } currentMembership { id } skills(first: 2) { nodes { id } }
        posts(first: 2) { nodes { id } } following(first: 2) { nodes { id } }
        bookmarks(first: 2) { nodes { id } }
        followingPeople(first: 2) { nodes { id } } followedSkills(first: 2) { nodes { id } }
        followers(first: 2) { nodes { id } } mutualFollowers(first: 2) { nodes { id } }
        viewerFollows viewerFollow { id } viewerMutes organisationFollows(first: 2) { nodes { id } }
        personFollows(first: 2) { nodes { id } } skillFollows(first: 2) { nodes { id } }
        mutes(first: 2) { nodes { id } } invitations(first: 2) { nodes { id } }
        joinRequests(first: 2) { nodes { id } } savedSearches(first: 2) { nodes { id } }""",
    "Membership": "id role title startedOn endedOn person { id } organisation { id }",
    "PersonSkill": "id level evidence lastUsedOn skill { id } person { id }",
    "Post": """id kind body bodyHtml language audience createdAt editedAt pinnedAt version commentCount
        reactionCount reactionCountOf(kind: LIKE) repostCount excerpt author { id } organisation { id }
        viewerReaction viewerHasBookmarked viewerCanEdit images { id } attachments { id } skills { id }
        mentions { id } listing { id } repostOf { id } bestAnswer { id } reposts(first: 2) { nodes { id } }
        feedReasons { kind isPrioritised peopleCount organisation { id } person { id } skill { id } }
        revisions(first: 2) { nodes { id } } comments(first: 2) { nodes { id } }
        reactions(first: 2) { nodes { id } }""",
    "Comment": """id body bodyHtml isDeleted version createdAt editedAt author { id } post { id }
        parent { id } mentions { id } viewerCanEdit viewerCanDelete replies(first: 2) { nodes { id } }""",
    "PostRevision": "id body createdAt editedBy { id } post { id }",
    "PostDraft": """id kind body language audience scheduledFor refusedAt refusal createdAt version
        author { id } organisation { id } listing { id } skills { id } media { id }""",
    "Mention": "id person { id } organisation { id }",
    "DataExport": "id createdAt readyAt expiresAt byteCount url",
    "Report": """id reason text status createdAt subjectType post { id } comment { id } person { id }
        organisation { id } reporter { id } action { id }""",
    "ModerationCase": """id subjectType createdAt reportCount reports { totalCount nodes { id } }
        post { id } comment { id } person { id } organisation { id }""",
    "ModerationAction": """id kind rule subjectType reason createdAt post { id } comment { id }
        person { id } organisation { id } appeal { id }""",
    "ModerationLogEntry": "id kind rule subjectType createdAt appealStatus",
    "Appeal": "id text status answer createdAt decidedAt action { id } appellant { id }",
    "Block": "id name isOrganisation byOrganisation createdAt",
    "Reaction": "id kind createdAt person { id } post { id }",
    "OrganisationFollow": "id inFeed notify prioritise createdAt organisation { id }",
    "Media": "id url purpose contentType byteCount width height altText name createdAt",
    "PersonFollow": "id inFeed notify prioritise createdAt person { id }",
    "SkillFollow": "id inFeed notify prioritise createdAt skill { id }",
    "Notification": """id kind title note createdAt changedAt readAt actorCount actors { id name }
        post { id } comment { id } organisation { id } exchange { id }""",
    "Mute": "id createdAt organisation { id } person { id } skill { id }",
    "SavedSearch": """id name query languages notify pausedAt version createdAt subjects { isGone
        skill { id } organisation { id } } posts(first: 2) { nodes { id } }""",
    "Skill": """id slug kind label labelEn labelNl escoUri personCount aliases cluster { id }
        broader(first: 2) { nodes { id } } narrower(first: 2) { nodes { id } }
        related(first: 2) { nodes { id } } people(first: 2) { nodes { id } }
        organisations(first: 2) { nodes { id } } posts(first: 2) { nodes { id } } followerCount
        followers(first: 2) { nodes { id } } viewerFollows viewerFollow { id } viewerMutes
        listings(first: 2) { nodes { id } }""",
    "SkillCluster": "id slug label labelEn labelNl domain { id } skills(first: 2) { nodes { id } }",
    "SkillDomain": "id slug label labelEn labelNl clusters { id }",
    **market.FIELDS,
    **looking.FIELDS,
    **exchanges.FIELDS,
}
# Rows of each type that some see and some do not, where there are such.
ROWS = {
    "Organisation": ("org.open", "org.shut", "org.gone", "org.control", "org.quoted"),
    "OrganisationStrength": ("strength.open_0", "strength.shut_1", "strength.gone_0"),
    "Person": (
        "person.pat",
        "person.nel",
        "person.col",
        "person.cor",
        "person.cas",
        "person.dex",
        "person.member",
        "person.stranger",
        "person.author",
        "person.former",
        "person.sus",
    ),
    "Invitation": ("invitation.open_0", "invitation.open_3", "invitation.shut_7"),
    "JoinRequest": ("request.open_stranger", "request.echo_1_member", "request.shut_follower"),
    "DomainClaim": ("claim.town_0", "claim.open_3", "claim.shut_4"),
    "Partnership": (
        "partnership.town_open",
        "partnership.accents_zed",
        "partnership.zed_shut",
        "partnership.town_accents",
        "partnership.gone_open",
    ),
    "AuditEntry": ("audit.town_1", "audit.town_4", "audit.open_8", "audit.shut_10"),
    "Membership": (
        "membership.pat_open",
        "membership.pat_shut",
        "membership.col_open",
        "membership.cas_open",
        "membership.dex_open",
        "membership.former_shut",
        "membership.same_1_gone",
    ),
    "PersonSkill": ("skill.pat_0", "skill.nel_0", "skill.col_1", "skill.dex_0", "skill.stranger_3"),
    "Post": tuple(
        f"post.{writer}_{audience}"
        for writer in (
            "open_pat",
            "open_col",
            "open_dex",
            "town_author",
            "shut_insider",
            "gone_same_1",
            "zed_insider",
        )
        for audience in ("public", "network", "followers", "partners", "organisation")
    )
    + tuple(
        f"post.share_{name}" for name in ("worded", "wordless", "inside", "of_hidden", "of_none")
    ),
    "Comment": (
        "comment.open_pat_public_0",
        "comment.open_pat_public_1",
        "comment.open_pat_public_3",
        "comment.open_pat_public_5",
        "comment.town_author_followers_0",
        "comment.town_author_network_1",
        "comment.shut_insider_public_0",
        "comment.astray",
    ),
    "PostRevision": ("revision.open_0", "revision.open_1", "revision.town_0", "revision.shut_0"),
    "PostDraft": ("draft.open_0", "draft.open_1", "draft.town_0", "draft.shut_0"),
    "Mention": tuple(f"mention.{number}" for number in range(10)),
    "Reaction": ("reaction.open_pat_public_nel", "reaction.shut_insider_public_pat"),
    "Media": tuple(
        f"media.{name}"
        for name in (
            "open_0",
            "open_1",
            "town_0",
            "shut_0",
            "logo",
            "portrait",
            "unused",
            "other",
            "paper",
            "elsewhere",
        )
    ),
    "OrganisationFollow": ("follow.member_open", "follow.follower_shut", "follow.follower_town"),
    "PersonFollow": (
        "person_follow.member_author",
        "person_follow.follower_stranger",
        "person_follow.follower_pat",
        "person_follow.member_dex",
    ),
    "SkillFollow": ("skill_follow.member_2", "skill_follow.follower_0"),
    "Notification": (
        "notification.pat_0",
        "notification.pat_4",
        "notification.member_13",
        "notification.member_20",
        "notification.author_28",
    ),
    "SavedSearch": (
        "saved_search.member_places",
        "saved_search.member_skills",
        "saved_search.member_rest",
        "saved_search.follower_words",
        "saved_search.follower_shut",
        "saved_search.pat_dutch",
    ),
    "Mute": (
        "mute.member_org_echo_1",
        "mute.member_person_dex",
        "mute.member_person_nel",
        "mute.member_skill_3",
        "mute.follower_org_gone",
    ),
    "Skill": ("skl.0", "skl.held", "skl.broad", "skl.posted", "skl.followed"),
    "DataExport": ("export.member_0", "export.member_1", "export.author_2"),
    "Report": (
        "report.member_post.town_author_followers",
        "report.pat_comment.open_pat_public_1",
        "report.stranger_person.cor",
        "report.dex_org.town",
        "report.author_post.open_col_network",
        "report.stranger_post.gone_same_1_public",
        "report.stranger_comment.shut_insider_public_0",
        "report.stranger_person.dex",
        "report.stranger_org.gone",
    ),
    "ModerationCase": (
        "case.member_post.town_author_followers",
        "case.nel_post.town_author_followers",
        "case.pat_person.dex",
        "case.pat_comment.open_pat_public_1",
        "case.author_post.open_col_network",
        "case.follower_org.open",
        "case.stranger_person.cor",
    ),
    "ModerationAction": (
        "action.hide",
        "action.warn",
        "action.shut",
        "action.warn_open",
        "action.far_post",
        "action.far_comment",
        "action.far_person",
        "action.far_org",
    ),
    "ModerationLogEntry": ("line.hide", "line.far_org"),
    "Appeal": ("appeal.hide", "appeal.warn", "appeal.shut", "appeal.dismiss", "appeal.warn_open"),
    "Block": (
        "block.person.stranger_person.author",
        "block.person.stranger_org.echo_2",
        "block.person.pat_person.former",
        "block.org.open_person.same_2",
        "block.org.zed_person.nel",
    ),
    "SkillCluster": ("scl.large", "scl.0"),
    "SkillDomain": ("sdm.0", "sdm.1"),
    **market.ROWS,
    **looking.ROWS,
    **exchanges.ROWS,
}
SHORT = {
    "Organisation": "org",
    "OrganisationStrength": "str",
    "Person": "per",
    "Membership": "mem",
    "Invitation": "inv",
    "JoinRequest": "jrq",
    "DomainClaim": "dom",
    "Partnership": "prt",
    "AuditEntry": "aud",
    "PersonSkill": "psk",
    "Post": "pst",
    "Comment": "com",
    "DataExport": "exp",
    "Report": "rpt",
    "ModerationCase": "cas",
    "ModerationAction": "mac",
    "ModerationLogEntry": "mlg",
    "Appeal": "apl",
    "Block": "blk",
    "Reaction": "rea",
    "PostRevision": "rev",
    "PostDraft": "dra",
    "Mention": "men",
    "OrganisationFollow": "fol",
    "Media": "med",
    "PersonFollow": "pfo",
    "SkillFollow": "sfo",
    "Notification": "ntf",
    "Mute": "mut",
    "SavedSearch": "sav",
    "Skill": "skl",
    "SkillCluster": "scl",
    "SkillDomain": "sdm",
    **market.SHORT,
    **looking.SHORT,
    **exchanges.SHORT,
}


def _node_cases() -> list[Case]:
    found = []
    for type_name, rows in ROWS.items():
        fields = FIELDS[type_name]
        missing = f"missing.{SHORT[type_name]}"
        ids = ", ".join(f"<<{row}>>" for row in (*rows, missing, rows[0], *rows[-2:]))
        nodes = f"{{ nodes(ids: [{ids}]) {{ __typename id ... on {type_name} {{ {fields} }} }} }}"
        found.append(case(f"nodes of {type_name}", nodes))
        single = f"query ($id: ID!) {{ node(id: $id) {{ ... on {type_name} {{ {fields} }} }} }}"
        found += [
            case(f"node {row} in a variable", single, id=f"<<{row}>>") for row in (*rows, missing)
        ]
        found.append(
            case(
                f"literal node of {type_name}",
                f"{{ node(id: <<{rows[0]}>>) {{ __typename ... on {type_name} {{ {fields} }} }} }}",
            )
        )
    return found


EVERYTHING = " ".join(f"... on {name} {{ x{SHORT[name]}: id }}" for name in FIELDS)


def _mixed_cases() -> list[Case]:
    """Ask for one node of each type: those that some see, those that others do, and none that are."""
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id " + EVERYTHING + " } }"
    first, second = ([rows[turn] for rows in ROWS.values()] for turn in (0, 1))
    missing = [f"missing.{short}" for short in SHORT.values()]
    return [
        case(f"nodes of every type, {which}", query, ids=[f"<<{row}>>" for row in rows])
        for which, rows in (
            ("the first of each", first),
            ("hidden ones among them", second),
            ("missing ones among them", [*missing[::2], *first[1::2]]),
        )
    ]


CASES = [
    *_node_cases(),
    *_mixed_cases(),
    case("no nodes", "{ nodes(ids: []) { id } }"),
    case("one node for a list", "{ nodes(ids: <<org.open>>) { id } }"),
    case(
        "the same node many times",
        "{ nodes(ids: [<<org.shut>>, <<org.shut>>, <<org.open>>, <<org.shut>>]) { id } }",
    ),
    case(
        "nodes by variables within a list",
        "query ($a: ID!, $b: ID!) { nodes(ids: [$a, <<org.open>>, $b, $a]) { id __typename } }",
        a="<<person.col>>",
        b="<<skl.0>>",
    ),
    case("only the type of a node", "{ node(id: <<person.col>>) { __typename } }"),
    case("an id of no type", '{ node(id: "xyz_00000000-0000-7000-8000-000000000000") { id } }'),
    case(
        "the key of one type with the prefix of another",
        "query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }",
        id="<<wrong.org>>",
    ),
    case(
        "an id in capitals",
        "query ($id: ID!) { node(id: $id) { id } person(id: $id) { id } }",
        id="<<capitals.pat>>",
    ),
    # Single look-ups.
    *(
        case(
            f"organisation {row} by id and slug",
            """query ($id: ID, $slug: String) { a: organisation(id: $id) { id name }
            b: organisation(slug: $slug) { id suspendedAt viewerRole } }""",
            id=f"<<org.{row}>>",
            slug=f"oracle-{row}",
        )
        for row in ("open", "shut", "gone", "town")
    ),
    case(
        "no such organisation",
        '{ a: organisation(slug: "none") { id } b: organisation(slug: "") { id } }',
    ),
    case(
        "a skill by id and slug",
        """query ($id: ID!, $slug: String!) { a: skill(id: $id, slug: null) { slug }
        b: skill(slug: $slug) { id } c: skill(id: <<missing.skl>>) { id } }""",
        id="<<skl.0>>",
        slug="<<slug.skl.0>>",
    ),
    *(
        case(
            f"person {name}",
            f"{{ person(id: <<person.{name}>>) {{ id name email locale visibility }} }}",
        )
        for name in ("pat", "nel", "col", "cor", "cas", "dex", "member", "stranger", "insider")
    ),
    case("the viewer", "{ viewer { " + FIELDS["Person"] + " } }"),
    case(
        "every field of a page of each type",
        "{ organisations(first: 3) { nodes { " + FIELDS["Organisation"] + " } } }",
    ),
    case("every field of people", "{ people(last: 5) { nodes { " + FIELDS["Person"] + " } } }"),
    case("every field of posts", "{ posts(first: 5) { nodes { " + FIELDS["Post"] + " } } }"),
    case("every field of skills", "{ skills(first: 5) { nodes { " + FIELDS["Skill"] + " } } }"),
    case(
        "the taxonomy",
        """{ taxonomy { id slug label labelEn labelNl en: label(language: EN) clusters { id slug
        labelEn labelNl nl: label(language: NL) domain { id } } } }""",
    ),
    case(
        "a page of each list within a list",
        """{ organisations(first: 4, order: FOLLOWERS) { nodes {
        members(first: 2) { totalCount pageInfo { hasNextPage endCursor } nodes { person { name } } }
        followers(last: 2) { totalCount pageInfo { hasPreviousPage startCursor } nodes { name } }
        strengths(first: 1) { totalCount pageInfo { hasNextPage } nodes { skill { slug } } }
        posts(last: 1) { totalCount pageInfo { hasPreviousPage hasNextPage } nodes { id } } } } }""",
    ),
    # Unions.
    case(
        "a search with fields of each kind",
        """{ search(query: "a", first: 30) { totalCount edges { cursor node { __typename
        ... on Organisation { id name viewerFollows members(first: 1) { nodes { id } } }
        ... on Person { id name email currentMembership { organisation { slug } } }
        ... on Skill { id label(language: NL) cluster { slug } people(first: 1) { totalCount } } } } } }""",
    ),
    case(
        "a search for one kind",
        '{ search(query: "er", first: 20) { nodes { ... on Person { name } } } }',
    ),
    case(
        "a search through the interface",
        '{ search(query: "same", last: 20) { nodes { ... on Node { __typename id } } edges { cursor } } }',
    ),
    case(
        "a search whose fragments nest",
        """{ search(query: "oracle") { nodes { ...F } } } fragment F on Findable { ... on Node { id
        ... on Organisation { slug ...O } } } fragment O on Organisation { posts { totalCount } }""",
    ),
]
