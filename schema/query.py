"""Where every read begins."""

from __future__ import annotations

from typing import Annotated

import strawberry

from db.tables.people import Locale
from resolvers import accounts as resolve_accounts
from resolvers import blocks as resolve_blocks
from resolvers import changes as resolve_changes
from resolvers import exchanges as resolve_exchanges
from resolvers import feed as resolve_feed
from resolvers import feed_ranked as resolve_feed_ranked
from resolvers import listings as resolve_listings
from resolvers import moderation as resolve_moderation
from resolvers import organisations as resolve_organisations
from resolvers import people as resolve_people
from resolvers import posts as resolve_posts
from resolvers import search as resolve_search
from resolvers import sign_on as resolve_sign_on
from resolvers import skills as resolve_skills
from resolvers import suggesting as resolve_suggesting
from resolvers.finding import CANDIDATES_MAX
from resolvers.market import MATCHES_MAX
from schema import prefixes
from schema.blocks import Block
from schema.engine.declare import (
    REQUIRED,
    argument,
    connection,
    id_argument,
    many,
    node,
    nodes,
    one,
    root,
    value,
)
from schema.engine.relay import Connection, Node
from schema.enums import OrganisationOrder, PersonOrder, SkillOrder
from schema.exchanges import Exchange
from schema.feed import NewInFeed
from schema.listing_templates import ListingTemplate, listing_templates
from schema.listings import Listing, Place
from schema.market import MarketConnection, market
from schema.moderation import (
    Appeal,
    ModerationAction,
    ModerationCase,
    ModerationLogEntry,
    Report,
)
from schema.organisations import Organisation, OrganisationFilter
from schema.people import Person, PersonFilter
from schema.posts import Post, PostFilter
from schema.search import DiscoveryConnection, discover
from schema.skills import Skill, SkillDomain, SkillFilter
from schema.suggestions import OrganisationSuggestion, PersonSuggestion

Findable = Annotated[
    Organisation | Person | Skill,
    strawberry.union("Findable", description="What a search can find by its name."),
]


@root
class Query:
    """Everything that can be read. Each answer holds what this viewer may see, and nothing else."""

    viewer: Person | None = one(
        resolve_accounts.viewer, "The person who asks; null when nobody is signed in."
    )
    live_cursor: str = value(
        resolve_changes.live_cursor,
        "Where this answer stands among all that happens. A subscription that begins `after` it tells "
        "exactly what this answer does not show yet, if both are asked of the same database.",
    )
    node: Node | None = node(
        "Any object by its id; null when there is none that the viewer may see.",
        argument(strawberry.ID, "An id as the graph gave it.", default=REQUIRED),
    )
    nodes: list[Node | None] = nodes(
        "Objects by their ids, in the order asked, null where there is none to see.",
        argument(list[strawberry.ID], "At most 100 ids.", default=REQUIRED),
    )
    organisation: Organisation | None = one(
        resolve_organisations.organisation,
        "One organisation, by slug or by id.",
        slug=argument(str | None, "Its name in addresses."),
        id=id_argument(strawberry.ID | None, prefixes.ORGANISATION, "Its id."),
    )
    sign_on_for: Organisation | None = one(
        resolve_sign_on.sign_on_for,
        "The organisation whose own sign-in is for this e-mail address, by its domain alone; null "
        "for none. Its `signOnPath` says where.",
        email=argument(str, "The address; nothing is told of who has it.", default=REQUIRED),
    )
    organisations: Connection[Organisation] = connection(
        resolve_organisations.organisations,
        "The organisations on the network.",
        order={
            OrganisationOrder.NAME: ("name", "id"),
            OrganisationOrder.FOLLOWERS: ("-follower_count", "-id"),
            OrganisationOrder.NEWEST: ("-id",),
        },
        filter=argument(OrganisationFilter | None, "Which ones."),
        search=argument(str | None, "Only with this in their name."),
    )
    person: Person | None = one(
        resolve_people.person,
        "One person.",
        id=id_argument(strawberry.ID, prefixes.PERSON, "Their id.", default=REQUIRED),
    )
    people: Connection[Person] = connection(
        resolve_people.people,
        "The people on the network.",
        order={PersonOrder.NAME: ("name", "id"), PersonOrder.NEWEST: ("-id",)},
        filter=argument(PersonFilter | None, "Which ones."),
        search=argument(str | None, "Only with this in their name or headline."),
    )
    posts: Connection[Post] = connection(
        resolve_posts.posts,
        "All posts that the viewer may read, newest first.",
        order=("-id",),
        filter=argument(PostFilter | None, "Which ones."),
    )
    listing: Listing | None = one(
        resolve_listings.listing,
        "One offer or request.",
        id=id_argument(strawberry.ID, prefixes.LISTING, "Its id.", default=REQUIRED),
    )
    exchange: Exchange | None = one(
        resolve_exchanges.exchange,
        "One exchange.",
        id=id_argument(strawberry.ID, prefixes.EXCHANGE, "Its id.", default=REQUIRED),
    )
    places: Connection[Place] = connection(
        resolve_listings.places,
        "The places that listings can be at, by name.",
        order=("name", "id"),
        search=argument(
            str | None, "Only with this in one of their names; accents and case aside."
        ),
    )
    feed: Connection[Post] = connection(
        resolve_feed.feed,
        "The posts of the organisations and people that the viewer follows and those about followed "
        "skills, without what is muted; newest first. Empty when nobody is signed in.",
        order=("-id",),
    )
    ranked_feed: Connection[Post] = connection(
        resolve_feed_ranked.ranked_feed,
        "The newest 300 posts of the feed, at most 10 of each organisation, person and skill that is "
        "followed (10 more of an organisation among those that few may read), the highest score first. The score is the time of publishing; to it are added 24 "
        "hours when the viewer prioritises the organisation, the author or a skill of the post; 3 "
        "hours for the first person but the author who reacted or commented, and 3 more at 3, 7, 15, "
        "31 and 63 different people; 2 hours for each skill of the post that the viewer has, for "
        "three at most. Taken off are 6 hours for each newer post of the same organisation in the "
        "list, so that whoever posts often does not push out the others. Pages after a cursor are "
        "ranked as of the moment in which its list was begun.",
        order=("-mark", "-score", "-id"),
    )
    suggested_organisations: list[OrganisationSuggestion] = many(
        resolve_suggesting.organisations_to_follow,
        "Organisations that the viewer might follow: those whom they follow do, or they are strong in "
        "the viewer's skills. Never one that is followed or muted already. Empty for a visitor.",
        at_most=20,
    )
    suggested_people: list[PersonSuggestion] = many(
        resolve_suggesting.people_to_follow,
        "People whom the viewer might follow: those whom they follow do, or they have the same skills. "
        "Never one who is followed or muted already. Empty for a visitor.",
        at_most=20,
    )
    new_in_feed: NewInFeed | None = one(
        resolve_feed_ranked.new_in_feed,
        "How much is new in the feed since the viewer's last visit; null when nobody is signed in.",
    )
    blocks: Connection[Block] = connection(
        resolve_blocks.blocks,
        "Whom the viewer blocked, the newest first. Empty when nobody is signed in.",
        order=("-id",),
    )
    reports: Connection[Report] = connection(
        resolve_moderation.reports,
        "What the viewer reported, the newest first. Empty when nobody is signed in.",
        order=("-id",),
    )
    moderation_queue: Connection[ModerationCase] = connection(
        resolve_moderation.queue,
        "What was reported and nobody has looked at, the oldest first; empty for all but moderators.",
        order=("id",),
    )
    appeal_queue: Connection[Appeal] = connection(
        resolve_moderation.appeal_queue,
        "The appeals that nobody has decided, the oldest first; empty for all but moderators.",
        order=("id",),
    )
    moderation_notices: Connection[ModerationAction] = connection(
        resolve_moderation.notices,
        "What moderators did about the viewer, or an organisation that the viewer owns, the newest "
        "first. Empty when nobody is signed in.",
        order=("-id",),
    )
    moderation_log: Connection[ModerationLogEntry] = connection(
        resolve_moderation.log,
        "The public log of all that moderators did, the newest first, without names and texts.",
        order=("-id",),
    )
    skill: Skill | None = one(
        resolve_skills.skill,
        "One skill, by slug or by id.",
        slug=argument(str | None, "Its name in addresses."),
        id=id_argument(strawberry.ID | None, prefixes.SKILL, "Its id."),
    )
    skills: Connection[Skill] = connection(
        resolve_skills.skills,
        "The skills of the taxonomy.",
        order={
            SkillOrder.LABEL_EN: ("label_en", "id"),
            SkillOrder.LABEL_NL: ("label_nl", "id"),
            SkillOrder.PEOPLE: ("-person_count", "-id"),
        },
        search=argument(str | None, "Only with this in a label or alias; accents and case aside."),
        language=argument(Locale | None, "Search in this language only."),
        filter=argument(SkillFilter | None, "Which ones."),
    )
    taxonomy: list[SkillDomain] = many(
        resolve_skills.taxonomy, "The domains of the taxonomy, in their order.", at_most=50
    )
    discover: DiscoveryConnection = strawberry.field(
        resolver=discover,
        description="Organisations, people, posts, open listings and skills by words, the best first: Dutch "
        "and English alike, accents aside, by the beginning of the last word, by names that are spelled nearly "
        "so, and across languages by the skills that the words mean. At most "
        f"{CANDIDATES_MAX} of each kind are found, the newest posts, listings and people that match.",
    )
    market: MarketConnection = strawberry.field(
        resolver=market,
        description="Open offers and requests by words, skills and filters, with how they are spread; "
        f"the {MATCHES_MAX:,} first that match, the newest of them where the order leaves it open.",
    )
    listing_templates: list[ListingTemplate] = strawberry.field(
        resolver=listing_templates,
        description="What an editor of listings begins with: titles, bones of descriptions, common hours "
        "and hints for learning aims, for each side of the market and each form, in both languages.",
    )
    search: Connection[Findable] = connection(
        resolve_search.search,
        "Organisations, people and skills with the text in their name, by name. `discover` finds more.",
        order=("name", "id"),
        query=argument(str, "What to look for.", default=REQUIRED),
    )
