"""Who sees what: fields that depend on the viewer below lists, deep nesting, threads, the feed."""

# ruff: noqa: UP031 - braces belong to GraphQL here
from __future__ import annotations

from tests.oracle.documents.cases import case

FEED = """{ totalCount edges { cursor node { id audience organisation { slug suspendedAt } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"""

CASES = [
    case(
        "viewer fields below a list",
        """{ organisations(first: 50, order: NEWEST) { nodes { slug viewerFollows viewerRole } }
        posts(first: 60) { nodes { id viewerReaction organisation { viewerFollows viewerRole } } } }""",
    ),
    case(
        "viewer fields two lists down",
        """{ organisations(first: 15, order: NEWEST) { nodes { posts(first: 5) { nodes { viewerReaction
        organisation { viewerFollows posts(first: 2) { nodes { viewerReaction } } } } } } } }""",
    ),
    case(
        "fields of oneself below lists",
        """{ organisation(id: <<org.open>>) { members { nodes { person { name email locale visibility
        memberships(first: 3) { nodes { person { email } organisation { members(first: 5) { nodes { person { email
        } } } } } } } } } followers { nodes { email name } } } }""",
    ),
    case(
        "what is one's own",
        """{ viewer { emailVerifiedAt digest showsLooks version secondFactors recoveryCodesLeft
        sessions(first: 2) { totalCount edges { cursor node { id method address browser createdAt
        expiresAt revokedAt isCurrent } } pageInfo { hasNextPage } }
        accessTokens { totalCount nodes { id name scopes createdAt expiresAt revokedAt } } } }""",
    ),
    case(
        "what is one's own, of others",
        """{ nodes(ids: [<<person.pat>>, <<person.member>>, <<person.author>>, <<person.nel>>]) {
        ... on Person { name digest showsLooks version emailVerifiedAt secondFactors recoveryCodesLeft
        sessions { totalCount nodes { method } pageInfo { hasNextPage endCursor } }
        accessTokens(first: 1) { totalCount edges { node { name scopes } } pageInfo { hasNextPage } } } } }""",
    ),
    case(
        "one's inbox",
        """{ viewer { locale unreadNotificationCount
        all: notifications(first: 60) { totalCount edges { cursor node { id kind title note createdAt changedAt
        readAt actorCount actors { id name } post { id body } comment { id body author { name } }
        organisation { id name } savedSearch { id name notify } listing { id } matchRequest { id } exchange { id status } } } pageInfo { hasNextPage endCursor } }
        unread: notifications(unread: true, last: 50) { totalCount nodes { id readAt } }
        read: notifications(unread: false, first: 2) { totalCount nodes { id readAt } }
        notificationPreferences { kind inApp email } } }""",
    ),
    case(
        "inboxes of others",
        """{ people(first: 30, order: NEWEST) { nodes { id unreadNotificationCount notifications { totalCount
        nodes { title } pageInfo { hasNextPage } } notificationPreferences { kind inApp email } } }
        nodes(ids: [<<notification.pat_0>>, <<notification.member_14>>, <<notification.member_15>>,
        <<notification.member_12>>]) { ... on Notification { id title actorCount actors { name } } } }""",
    ),
    case(
        "pages of what is one's own",
        """query ($after: String, $before: String) { viewer { sessions(first: 1, after: $after) {
        nodes { browser } } accessTokens(last: 1, before: $before) { nodes { name } } } }""",
        after="ffffffff-ffff-7fff-bfff-ffffffffffff",
        before="00000000-0000-7000-8000-000000000000",
    ),
    case(
        "pages of what is one's own from the other end",
        """query ($after: String, $before: String) { viewer { sessions(last: 1, before: $before) {
        nodes { browser } } accessTokens(first: 1, after: $after) { nodes { name } } } }""",
        after="ffffffff-ffff-7fff-bfff-ffffffffffff",
        before="00000000-0000-7000-8000-000000000000",
    ),
    case(
        "passkeys that are one's own, those of others, and their pages",
        """query ($after: String, $before: String) { viewer { passkeys(first: 2, after: $after) {
        totalCount edges { cursor node { id name createdAt lastUsedAt } } nodes { id }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
        nodes(ids: [<<person.pat>>, <<person.member>>, <<person.author>>, <<passkey.pat_0>>,
        <<passkey.member_1>>, <<passkey.author_2>>]) { id ... on Passkey { name lastUsedAt }
        ... on Person { passkeys(last: 1, before: $before) { totalCount nodes { name } } } } }""",
        after="ffffffff-ffff-7fff-bfff-ffffffffffff",
        before="00000000-0000-7000-8000-000000000000",
    ),
    case(
        "single sign-on, where there is one",
        """{ town: signOnFor(email: "Robin@1.example") { slug signOnPath identityProvider { id } }
        gone: signOnFor(email: "a@b@3.EXAMPLE") { slug signOnPath }
        open: signOnFor(email: "robin@open.example") { slug } nobody: signOnFor(email: "") { slug }
        nodes(ids: [<<org.open>>, <<org.town>>, <<org.gone>>, <<org.zed>>, <<provider.open>>]) {
        ... on Organisation { slug signOnPath identityProvider { id issuer clientId emailDomain
        defaultRole createdAt } } ... on IdentityProvider { issuer } } }""",
    ),
    case(
        "sessions and tokens by id",
        """{ nodes(ids: [<<session.pat_0>>, <<session.pat_1>>, <<session.pat_3>>, <<session.member_2>>,
        <<token.author_0>>, <<token.member_1>>]) { id ... on Session { method revokedAt isCurrent }
        ... on AccessToken { name scopes expiresAt revokedAt } } }""",
    ),
    case(
        "a parent's column two selects down",
        """{ people(first: 20, order: NEWEST) { nodes { name posts(first: 3) { nodes { organisation {
        name posts(first: 3) { totalCount nodes { author { name posts(first: 2) { totalCount
        nodes { id } } } } } } } } } } }""",
    ),
    case(
        "round and round",
        """{ person(id: <<person.pat>>) { memberships(first: 3) { nodes { organisation { members(first: 9) { nodes {
        person { memberships(first: 4) { nodes { organisation { slug members { totalCount } } } } } } } } } } } }""",
    ),
    case(
        "from a skill to people and back",
        """{ skill(id: <<skl.held>>) { people(first: 10) { nodes { level person { name skills(first: 3) {
        nodes { level skill { slug people(first: 2) { totalCount nodes { person { name } } } } } } } } }
        organisations(first: 5) { nodes { name strengths(first: 3) { nodes { statement skill { slug
        organisations(first: 2) { totalCount nodes { slug } } } organisation { slug } } } } } } }""",
    ),
    case(
        "a skill's people whose profile is hidden",
        """{ a: skill(id: <<skl.1>>) { personCount people { totalCount nodes { person { name
        visibility } } } } b: skills(first: 7) { nodes { personCount people { totalCount } } } }""",
    ),
    case(
        "threads",
        """{ posts(first: 6) { nodes { commentCount comments(threaded: true, first: 4) { totalCount nodes { body
        author { name } replies(first: 5) { totalCount nodes { body parent { body parent { body } } author { name }
        post { id } replies { nodes { body replies { totalCount } } } } } } } } } }""",
    ),
    case(
        "flat comments",
        """{ posts(last: 30) { nodes { comments(first: 3) { totalCount pageInfo { hasNextPage endCursor }
        nodes { id parent { id } author { id } editedAt post { organisation { slug } } } } } } }""",
    ),
    case(
        "threaded by a variable",
        """query ($t: Boolean!) { node(id: <<post.open_pat_public>>) { ... on Post {
        a: comments(threaded: $t) { totalCount } b: comments(threaded: false) { totalCount }
        c: comments { totalCount } } } }""",
        t=True,
    ),
    case(
        "not threaded by a variable",
        """query ($t: Boolean!) { node(id: <<post.open_pat_public>>) { ... on Post {
        a: comments(threaded: $t) { totalCount } b: comments(threaded: true) { totalCount } } } }""",
        t=False,
    ),
    case(
        "an answer that went astray",
        """{ node(id: <<comment.astray>>) { ... on Comment { body parent { body } post { id } } }
        up: node(id: <<comment.town_author_followers_0>>) { ... on Comment { replies { totalCount
        nodes { body post { id } } pageInfo { hasNextPage } } } } }""",
    ),
    case(
        "reactions and who reacted",
        """{ posts(first: 40) { nodes { reactionCount viewerReaction reactions { totalCount nodes { kind
        person { name email } post { viewerReaction } } } } } }""",
    ),
    case(
        "what is shared, answered and named, below lists",
        """{ posts(first: 60) { nodes { id kind repostOf { id body repostOf { id } reposts(first: 3) {
        totalCount nodes { id organisation { slug } } } } bestAnswer { body author { name } post { id } }
        mentions { person { name } organisation { slug } } skills { slug } revisions(first: 2) { totalCount
        nodes { body editedBy { name } post { version } } } } } }""",
    ),
    case(
        "what the viewer may do and keeps",
        """{ viewer { bookmarks(first: 20) { totalCount nodes { id viewerHasBookmarked viewerCanEdit } } }
        posts(first: 60) { nodes { viewerHasBookmarked viewerCanEdit like: reactionCountOf(kind: LIKE)
        curious: reactionCountOf(kind: CURIOUS) comments(first: 3) { nodes { viewerCanEdit viewerCanDelete isDeleted
        author { id } bodyHtml mentions { id } } } } }
        nodes(ids: [<<person.member>>, <<person.pat>>]) { ... on Person { bookmarks { totalCount
        nodes { id } } } } }""",
    ),
    case(
        "drafts and pinned posts of all",
        """{ organisations(first: 60, order: NEWEST) { nodes { slug pinnedPosts { id pinnedAt audience
        author { name } } drafts(first: 5) { totalCount nodes { id body refusal author { name }
        organisation { slug drafts(first: 1) { nodes { id } } } skills { slug } } } } } }""",
    ),
    case(
        "authors who are hidden",
        """{ organisation(id: <<org.open>>) { posts(first: 20) { totalCount nodes { audience author {
        name } comments(last: 3) { nodes { author { name } } } } } } }""",
    ),
    case(
        "where people work now",
        "{ people(first: 60, order: NEWEST) { nodes { name currentMembership { title role organisation { slug } } } } }",
    ),
    case(
        "where the cast works now",
        """{ nodes(ids: [<<person.nel>>, <<person.col>>, <<person.member>>, <<person.cor>>,
        <<person.insider>>, <<person.author>>, <<person.former>>]) { ... on Person { name
        currentMembership { id } } } }""",
    ),
    case(
        "memberships within what is suspended",
        """{ person(id: <<person.pat>>) { memberships { totalCount nodes { organisation { slug
        suspendedAt } } pageInfo { hasNextPage } } }
        organisation(slug: "oracle-shut") { memberCount members { totalCount nodes { person { name
        } } } followers { totalCount nodes { name } } strengths { totalCount } posts { totalCount
        nodes { audience } } } }""",
    ),
    case(
        "followed organisations that are suspended",
        """{ nodes(ids: [<<person.follower>>, <<person.member>>, <<person.insider>>, <<person.pat>>]) {
        ... on Person { following(first: 3) { totalCount edges { cursor node { slug } } pageInfo {
        hasNextPage endCursor } } } } }""",
    ),
    case(
        "how the viewer follows, below a list",
        """{ organisations(first: 40, order: NEWEST) { nodes { slug viewerFollows viewerFollow { inFeed notify
        prioritise createdAt organisation { slug viewerFollow { id } } } } } }""",
    ),
    case(
        "follows of others",
        """{ nodes(ids: [<<follow.follower_open>>, <<follow.member_town>>, <<follow.former_echo_2>>,
        <<follow.sus_open>>, <<follow.insider_shut>>]) { __typename ... on OrganisationFollow { inFeed
        organisation { slug } } } }""",
    ),
    case(
        "whom the viewer and the viewer's organisations blocked",
        """{ blocks { totalCount nodes { name isOrganisation byOrganisation } } organisations(first: 40,
        order: NEWEST) { nodes { slug blocks { totalCount nodes { name isOrganisation byOrganisation } } } } }""",
    ),
    case(
        "exports of one's own data",
        """{ viewer { erasureRequestedAt dataExports { totalCount nodes { id createdAt readyAt expiresAt byteCount url } } }
        nodes(ids: [<<export.member_0>>, <<export.author_1>>, <<person.member>>, <<person.author>>]) { id
        ... on DataExport { url } ... on Person { erasureRequestedAt dataExports(first: 2) { nodes { id } } } } }""",
    ),
    case(
        "what moderators look at",
        """{ moderationQueue { totalCount nodes { id subjectType reportCount reports { totalCount nodes { id
        reporter { name } } } post { id body } comment { body post { audience } } person { name visibility }
        organisation { name } } } appealQueue { totalCount nodes { id action { kind } appellant { name } } } }""",
    ),
    case(
        "a case in pages",
        """query ($c: String!, $d: String!) { node(id: <<case.member_post.town_author_followers>>) {
        ... on ModerationCase { a: reports(first: 1) { nodes { id } pageInfo { hasNextPage } }
        b: reports(first: 5, after: $c) { nodes { id } } c: reports(last: 5, before: $d) { nodes { id } } } } }""",
        c="<<cursor reports of a case|0>>",
        d="<<cursor reports of a case|1>>",
    ),
    case(
        "what moderators did",
        """{ moderationLog { totalCount nodes { id kind rule subjectType appealStatus } } moderationNotices {
        totalCount nodes { id kind reason appeal { status } post { id } organisation { name } } }
        reports { totalCount nodes { id status action { id } } } }""",
    ),
    case(
        "two who do not meet",
        """{ nodes(ids: [<<person.author>>, <<person.stranger>>, <<person.former>>, <<person.pat>>,
        <<person.col>>, <<person.insider>>, <<person.nel>>, <<org.town>>, <<org.echo_2>>, <<org.zed>>]) {
        ... on Person { name posts { totalCount nodes { id } } following { totalCount } }
        ... on Organisation { name members { totalCount nodes { person { name } } } } } }""",
    ),
    case(
        "posts for partners and hidden ones",
        """{ posts(first: 90, filter: { audiences: [PARTNERS, PUBLIC] }) { totalCount nodes { id audience
        author { name } organisation { slug } comments { totalCount nodes { id author { name } } } } } }""",
    ),
    case("the feed", "{ feed " + FEED + " }"),
    case(
        "what is one's own, by edges",
        """{ viewer { mutes(first: 3) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } }
        savedSearches(first: 3) { edges { cursor node { id posts(first: 3) { edges { cursor node { id } } } } } }
        organisationFollows(first: 2) { edges { cursor node { id } } }
        personFollows(first: 2) { edges { cursor node { id } } }
        skillFollows(first: 2) { edges { cursor node { id } } } } }""",
    ),
    case(
        "whom and what to follow",
        """{ suggestedPeople { person { id } followedByCount followedBy { id } sharedSkillCount sharedSkills {
        id } } suggestedOrganisations { organisation { id } followedByCount followedBy { id }
        sharedSkillCount sharedSkills { id } } }""",
    ),
    case("what is new in the feed", "{ newInFeed { count since } }"),
    case("the ranked feed", "{ rankedFeed(first: 100) " + FEED + " }"),
    case("the end of the ranked feed", "{ rankedFeed(last: 7) " + FEED + " }"),
    case(
        "why posts are in the feed",
        """{ feed(first: 60) { nodes { id feedReasons { kind isPrioritised peopleCount organisation { slug }
        person { name } skill { slug } } } } }""",
    ),
    case("the whole feed", "{ feed(first: 100) " + FEED + " }"),
    case("the feed's end", "{ feed(last: 100) " + FEED + " }"),
    *(
        case(
            f"feed of {size} {'after' if forward else 'before'} its {index}th",
            "query ($c: String!, $n: Int!) { feed(%s: $n, %s: $c) %s }"
            % (("first", "after", FEED) if forward else ("last", "before", FEED)),
            c=f"<<cursor feed|{index}>>",
            n=size,
        )
        for size in (1, 4, 40)
        for index in (0, 3, 9, 25, -1)
        for forward in (True, False)
    ),
    *(
        case(
            f"feed of {size} between, {'forward' if forward else 'backward'}",
            "query ($a: String, $b: String) { feed(%s: %d, after: $a, before: $b) %s }"
            % ("first" if forward else "last", size, FEED),
            a="<<cursor feed|2>>",
            b="<<cursor feed|30>>",
        )
        for size in (2, 10, 60)
        for forward in (True, False)
    ),
    *(
        case(
            f"feed {mode} a post {where}",
            "query ($c: String) { feed(%s: $c) %s }" % (mode, FEED),
            c=f"<<key.post.{row}>>",
        )
        for mode in ("after", "before")
        for where, row in (
            ("for members", "open_pat_organisation"),
            ("of a suspended organisation", "shut_insider_organisation"),
            ("that is not followed", "gone_same_1_public"),
            ("that few may read", "town_author_followers"),
        )
    ),
    case(
        "the feed twice",
        """query ($c: String!) { feed(first: 3) { nodes { id } } more: feed(first: 3, after: $c) { nodes {
        id } } back: feed(last: 3, before: $c) { nodes { id } totalCount } }""",
        c="<<cursor feed|5>>",
    ),
    case("only the feed's page", "{ feed(first: 2) { pageInfo { hasNextPage endCursor } } }"),
    case("only the feed's length", "{ feed { totalCount } }"),
    case(
        "the feed with all that a page shows",
        """{ viewer { name avatarUrl } feed(first: 20) { edges { cursor node { id body excerpt(length: 80)
        createdAt language commentCount reactionCount viewerReaction author { id name avatarUrl headline
        } organisation { id slug name logoUrl viewerFollows viewerRole } comments(first: 2) { nodes {
        body author { name } } } reactions(first: 3) { nodes { kind person { name } } } } }
        pageInfo { hasNextPage endCursor } } }""",
    ),
    case(
        "a feed within everything else",
        """{ viewer { following(first: 5) { nodes { slug posts(first: 2) { nodes { id } } } } }
        feed(first: 5) { nodes { organisation { posts(first: 1) { nodes { id viewerReaction } } } } }
        taxonomy { slug } search(query: "oracle", first: 3) { nodes { __typename } } }""",
    ),
]
