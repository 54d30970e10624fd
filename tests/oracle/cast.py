"""Rows that a sample world lacks: one for each branch of who may see what, and awkward texts.

They are added to a world or to an empty database alike. Each row has a name by which tests ask
for it (`org.open`, `person.pat`, `post.open_internal`); keys carry a time, so they sort among others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from db.counters import recount
from tests.oracle.belonging import add_belonging
from tests.oracle.cast_factors import add_credentials, add_factors
from tests.oracle.cast_market import add_market
from tests.oracle.cast_moderation import add_moderation
from tests.oracle.cast_notifications import add_notifications
from tests.oracle.cast_posts import add_to_posts
from tests.oracle.cast_writing import Cast, Writer

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
SUSPENDED = datetime(2026, 9, 9, 9, 9, 9, 90000, tzinfo=UTC)
AUDIENCES = ("PUBLIC", "NETWORK", "FOLLOWERS", "PARTNERS", "ORGANISATION")
KINDS = ("LIKE", "CELEBRATE", "INSIGHTFUL", "SUPPORT", "CURIOUS")

# Name: what it is called, kind, sector, size, whether it is suspended, whether it is filled in.
ORGANISATIONS: dict[str, tuple[str, str, str, str, bool, bool]] = {
    "open": ("Oracle Open", "COMPANY", "TECHNOLOGY", "MEDIUM", False, True),
    "town": ("Oracle Town", "GOVERNMENT", "PUBLIC_ADMINISTRATION", "LARGE", False, True),
    "shut": ("Oracle Shut", "COMPANY", "TECHNOLOGY", "SMALL", True, True),
    "gone": ("Oracle Gone", "NON_PROFIT", "CULTURE_MEDIA", "MICRO", True, False),
    "echo_1": ("Echo", "COOPERATIVE", "AGRICULTURE_FOOD", "MICRO", False, False),
    "echo_2": ("Echo", "EDUCATION", "EDUCATION_RESEARCH", "ENTERPRISE", False, False),
    "percent": ("100% Puur_Natuur", "COMPANY", "TRADE_HOSPITALITY", "SMALL", False, False),
    "backslash": ("Back\\slash 100x PuurxNatuur", "COMPANY", "INDUSTRY", "SMALL", False, False),
    "quoted": ("\"Quoted\" & 'Sons'", "COMPANY", "INDUSTRY", "SMALL", False, False),
    "accents": ("Ünïcode Ærø 🦊", "HEALTHCARE", "HEALTH_CARE", "LARGE", False, True),
    "control": ("Bell\u0007 \tWorks\u007f \u2028", "COMPANY", "INDUSTRY", "SMALL", False, False),
    "lower": ("alpha lower", "COMPANY", "FINANCE_INSURANCE", "SMALL", False, False),
    "zed": ("Zed", "COMPANY", "FINANCE_INSURANCE", "SMALL", False, False),
}
# Name: what they are called, who sees them, headline.
PEOPLE: dict[str, tuple[str, str, str | None]] = {
    "pat": ("Pat Public", "PUBLIC", "Says 100% of_all \\o/"),
    "nel": ("Nel Network", "NETWORK", None),
    "col": ("Col Colleague", "COLLEAGUES", "Only for colleagues"),
    "cor": ("Cor Colleague-of-shut", "COLLEAGUES", None),
    "cas": ("Cas Colleague, formerly", "COLLEAGUES", "Left"),
    "dex": ("Dex Deactivated", "PUBLIC", "Gone"),
    "member": ("Mem Ber", "COLLEAGUES", "Works at open and town"),
    "follower": ("Fol Lower", "NETWORK", "Follows"),
    "insider": ("Ins Ider", "NETWORK", "Works at the suspended one"),
    "former": ("For Mer", "PUBLIC", "Left open and shut"),
    "stranger": ("Stran Ger", "COLLEAGUES", None),
    "author": ("Au Thor", "NETWORK", "Writes"),
    "same_1": ("Same Name", "PUBLIC", None),
    "same_2": ("Same Name", "NETWORK", None),
    "mod": ("Mod Erator", "NETWORK", None),
    "sus": ("Sus Pended", "PUBLIC", "Suspended by moderators"),
}
# Person, organisation, role, whether it has ended.
MEMBERSHIPS: Sequence[tuple[str, str, str, bool]] = (
    ("pat", "open", "OWNER", False),
    ("pat", "shut", "ADMIN", False),
    ("nel", "open", "EDITOR", False),
    ("nel", "town", "MEMBER", True),
    ("col", "open", "MEMBER", False),
    ("cor", "shut", "MEMBER", False),
    ("cas", "open", "MEMBER", True),
    ("cas", "echo_1", "MEMBER", False),
    ("dex", "open", "TALENT_MANAGER", False),
    ("member", "open", "TALENT_MANAGER", False),
    ("member", "town", "ADMIN", False),
    ("insider", "shut", "OWNER", False),
    ("insider", "zed", "MEMBER", False),
    ("former", "open", "ADMIN", True),
    ("former", "shut", "MEMBER", True),
    ("author", "town", "EDITOR", False),
    ("same_1", "gone", "OWNER", False),
    ("sus", "open", "EDITOR", False),
)
# Person, organisation, whether it is in the feed.
FOLLOWS: Sequence[tuple[str, str, bool]] = (
    ("follower", "open", True),
    ("follower", "town", False),
    ("follower", "shut", True),
    ("follower", "accents", True),
    ("follower", "quoted", True),
    ("member", "open", True),
    ("member", "town", True),
    ("member", "shut", True),
    ("member", "echo_1", True),
    ("insider", "shut", True),
    ("insider", "open", True),
    ("insider", "gone", True),
    ("author", "town", True),
    ("pat", "open", True),
    ("nel", "town", True),
    ("col", "open", True),
    ("dex", "open", True),
    ("cor", "open", True),
    ("former", "echo_2", True),
    ("sus", "open", True),
    ("follower", "zed", True),
)
# Who follows whom, whether that is in the feed, whether it comes first.
PERSON_FOLLOWS: Sequence[tuple[str, str, bool, bool]] = (
    ("member", "pat", True, False),
    ("member", "author", True, True),
    ("member", "dex", True, False),
    ("member", "cas", True, False),
    ("member", "col", False, False),
    ("follower", "author", True, False),
    ("follower", "pat", True, True),
    ("follower", "stranger", True, False),
    ("follower", "same_1", True, False),
    ("former", "author", True, False),
    ("insider", "cor", True, False),
    ("stranger", "pat", True, False),
    ("stranger", "author", True, False),
    ("col", "pat", True, False),
    ("nel", "pat", False, False),
    ("pat", "nel", True, False),
    ("author", "nel", True, False),
    ("author", "member", True, False),
)
# Person, which of the first skills, whether that is in the feed, whether it comes first.
SKILL_FOLLOWS: Sequence[tuple[str, int, bool, bool]] = (
    ("member", 0, True, False),
    ("member", 1, False, False),
    ("member", 2, True, True),
    ("follower", 0, True, False),
    ("follower", 3, True, False),
    ("stranger", 0, True, False),
    ("stranger", 4, True, False),
    ("former", 1, True, False),
    ("author", 1, True, False),
    ("pat", 0, True, False),
    ("cor", 0, True, False),
    ("col", 2, True, False),
)
# Person, name, text, how many skills, organisations, languages, day of the pause (0: none).
SAVED_SEARCHES: Sequence[tuple[str, str, str, int, tuple[str, ...], tuple[str, ...], int]] = (
    ("member", "places", "", 0, ("open", "town", "gone"), (), 0),
    ("member", "skills", "", 3, (), ("EN",), 0),
    ("member", "rest", "LONG text", 0, ("open", "accents"), (), 180),
    ("follower", "words", "of open", 0, (), (), 0),
    ("follower", "shut", "", 2, ("shut", "open"), ("EN", "NL"), 0),
    ("pat", "dutch", "", 0, (), ("NL",), 0),
)
# Person, and whom or what they mute: `person.cas`, `org.echo_1`, `skill.3`.
MUTES: Sequence[tuple[str, str]] = (
    ("member", "org.echo_1"),
    ("member", "person.dex"),
    ("member", "person.nel"),
    ("member", "skill.3"),
    ("follower", "person.col"),
    ("follower", "org.gone"),
    ("insider", "org.open"),
    ("former", "org.town"),
    ("stranger", "skill.4"),
    ("pat", "person.cor"),
    ("pat", "skill.0"),
)
# Organisation and who writes there; each writes for every audience.
WRITERS: Sequence[tuple[str, str]] = (
    ("open", "pat"),
    ("open", "col"),
    ("open", "dex"),
    ("town", "author"),
    ("town", "nel"),
    ("shut", "insider"),
    ("shut", "cor"),
    ("gone", "same_1"),
    ("accents", "pat"),
    ("echo_1", "cas"),
    ("open", "sus"),
    ("zed", "insider"),
)
# Who asked, whom, where it stands: partners read each other's posts for partners.
PARTNERSHIPS: Sequence[tuple[str, str, str]] = (
    ("open", "zed", "ACTIVE"),
    ("town", "open", "ACTIVE"),
    ("zed", "shut", "ACTIVE"),
    ("accents", "zed", "REQUESTED"),
    ("zed", "echo_1", "ENDED"),
    ("town", "accents", "DECLINED"),
    ("gone", "open", "REQUESTED"),
)
# Who does not want to see whom. An organisation that asked comes first.
BLOCKS: Sequence[tuple[str, str]] = (
    ("person.stranger", "person.author"),
    ("person.pat", "person.former"),
    ("person.follower", "person.col"),
    ("person.insider", "org.town"),
    ("person.stranger", "org.echo_2"),
    ("org.town", "person.former"),
    ("org.zed", "person.nel"),
    ("org.open", "person.same_2"),
    ("org.town", "person.same_2"),
    ("person.member", "person.same_1"),
    ("person.member", "org.quoted"),
    ("person.member", "person.cas"),
    ("person.member", "org.accents"),
)
# Posts and comments that moderators have hidden.
HIDDEN_POSTS = (
    "open_col_network",
    "open_pat_organisation",
    "town_author_public",
    "zed_insider_public",
)
HIDDEN_COMMENTS = ("open_pat_public_5", "open_pat_public_3", "town_author_network_1")
TALKERS = ("pat", "nel", "col", "dex", "member", "insider", "stranger", "author", "sus")


async def add_cast(connection: asyncpg.Connection[Any]) -> Cast:
    """Add the cast's rows, with counters that are right."""
    writer = Writer(connection)
    async with connection.transaction():
        skills = [
            row["id"]
            for row in await connection.fetch("select id from skill order by label_en, id limit 40")
        ]
        await _organisations(writer, skills)
        await _people(writer, skills)
        await _posts(writer, skills)
        await add_moderation(writer)
        await _media(writer)
        await add_credentials(writer)
        await add_factors(writer)
        await add_to_posts(writer, skills)
        await add_market(writer, skills)
        await add_belonging(writer, skills)
        await add_notifications(writer)
        await recount(connection)
    return writer.cast


def _moment(days: float, micros: int = 0) -> datetime:
    return START + timedelta(days=days, microseconds=micros)


async def _organisations(writer: Writer, skills: list[UUID]) -> None:
    cast = writer.cast
    rows = []
    for index, (name, given) in enumerate(ORGANISATIONS.items()):
        title, kind, sector, size, suspended, filled = given
        moment = _moment(index, 100_000 * index)
        rows.append(
            {
                "id": writer.key(f"org.{name}", moment),
                "slug": f"oracle-{name.replace('_', '-')}",
                "name": title,
                "kind": kind,
                "sector": sector,
                "size_band": size,
                "about": '# About\n\nA "text" with \\ and \u0001.\r\n' if filled else "",
                "about_html": "<p>Stored <em>HTML</em></p>" if index == 1 else None,
                "further_sectors": ["INDUSTRY", "TECHNOLOGY"][: index % 3],
                "further_locations": ["Oost", 'We"st'][: index % 3],
                "version": index + 1,
                "website": "https://oracle.example/?a=1&b=<2>" if filled else None,
                "location": ["Waterland", "Waterland-Oost 50%", None][index % 3],
                "verified_domain": f"{index}.example" if index % 2 else None,
                "logo_url": f"/logos/{index}.svg" if filled else None,
                "banner_url": f"/banners/{index}.webp" if filled else None,
                "created_at": moment,
                "suspended_at": SUSPENDED if suspended else None,
            }
        )
    await writer.insert("organisation", rows)
    await writer.insert(
        "organisation_strength",
        [
            {
                "id": writer.key(f"strength.{name}_{number}", _moment(20 + index, number)),
                "organisation_id": cast[f"org.{name}"],
                "skill_id": skills[(index + number) % 5],
                "statement": f"We know “{name}”" if number else "",
                "created_at": _moment(20 + index, 123_450),
            }
            for index, name in enumerate(("open", "town", "shut", "gone", "accents"))
            for number in range(3)
        ],
    )


async def _people(writer: Writer, skills: list[UUID]) -> None:
    cast = writer.cast
    await writer.insert(
        "person",
        [
            {
                "id": writer.key(f"person.{name}", _moment(40 + index)),
                "email": f"{name}@Oracle.example",
                "name": title,
                "headline": headline,
                "location": ["Waterland", None, "Elders_1"][index % 3],
                "avatar_url": f"/faces/{name}.jpg" if index % 2 else None,
                "locale": "NL" if index % 2 else "EN",
                "visibility": visibility,
                "digest": ("NONE", "DAILY", "WEEKLY")[index % 3],
                "email_verified_at": _moment(45, index) if index % 2 else None,
                "version": index + 1,
                "created_at": _moment(40 + index, index),
                "deactivated_at": _moment(200) if name == "dex" else None,
                "is_moderator": name == "mod",
                "suspended_at": SUSPENDED if name == "sus" else None,
                "erasure_requested_at": _moment(250) if name in {"member", "former"} else None,
            }
            for index, (name, (title, visibility, headline)) in enumerate(PEOPLE.items())
        ],
    )
    await writer.insert(
        "membership",
        [
            {
                "id": writer.key(f"membership.{person}_{organisation}", _moment(60 + index)),
                "person_id": cast[f"person.{person}"],
                "organisation_id": cast[f"org.{organisation}"],
                "role": role,
                "title": "" if index % 3 else "Lead, 'special' \"ops\"",
                "started_on": date(2020, 1, 1) + timedelta(days=index),
                "ended_on": date(2024, 2, 29) if ended else None,
            }
            for index, (person, organisation, role, ended) in enumerate(MEMBERSHIPS)
        ],
    )
    await writer.insert(
        "follow",
        [
            {
                "id": writer.key(f"follow.{person}_{organisation}", _moment(90 + index)),
                "person_id": cast[f"person.{person}"],
                "organisation_id": cast[f"org.{organisation}"],
                "in_feed": in_feed,
                "notify": index % 3 == 0,
                "prioritise": index % 5 == 0,
                "created_at": _moment(90 + index, 7 * index),
            }
            for index, (person, organisation, in_feed) in enumerate(FOLLOWS)
        ],
    )
    await writer.insert(
        "partnership",
        [
            {
                "id": writer.key(f"partnership.{asked}_{was_asked}", _moment(100 + index)),
                "message": f"{asked} asks" if index % 2 else "",
                "decided_at": None if status == "REQUESTED" else _moment(101 + index),
                "ended_at": _moment(103) if status == "ENDED" else None,
                "requester_id": cast[f"org.{asked}"],
                "addressee_id": cast[f"org.{was_asked}"],
                "status": status,
            }
            for index, (asked, was_asked, status) in enumerate(PARTNERSHIPS)
        ],
    )
    await writer.insert(
        "block",
        [
            _block(cast, who, whom, writer.key(f"block.{who}_{whom}", _moment(105 + index)), index)
            for index, (who, whom) in enumerate(BLOCKS)
        ],
    )
    await writer.insert(
        "person_follow",
        [
            {
                "id": writer.key(f"person_follow.{person}_{followed}", _moment(92 + index / 2)),
                "person_id": cast[f"person.{person}"],
                "followed_id": cast[f"person.{followed}"],
                "in_feed": in_feed,
                "notify": index % 3 == 0,
                "prioritise": prioritise,
            }
            for index, (person, followed, in_feed, prioritise) in enumerate(PERSON_FOLLOWS)
        ],
    )
    await writer.insert(
        "skill_follow",
        [
            {
                "id": writer.key(f"skill_follow.{person}_{skill}", _moment(93 + index / 2)),
                "person_id": cast[f"person.{person}"],
                "skill_id": skills[skill],
                "in_feed": in_feed,
                "notify": index % 3 == 0,
                "prioritise": prioritise,
            }
            for index, (person, skill, in_feed, prioritise) in enumerate(SKILL_FOLLOWS)
        ],
    )
    await writer.insert(
        "saved_search",
        [
            {
                "id": writer.key(f"saved_search.{person}_{name}", _moment(95 + index)),
                "person_id": cast[f"person.{person}"],
                "name": name,
                "query": query,
                # The last of the skills is one that is gone.
                "skill_ids": [skills[0], skills[2], UUID(int=7 << 76 | 2 << 62)][:named],
                "organisation_ids": [cast[f"org.{place}"] for place in places],
                "languages": languages,
                "notify": index % 2 == 0,
                "paused_at": _moment(paused) if paused else None,
                "created_at": _moment(95 + index),
            }
            for index, (person, name, query, named, places, languages, paused) in enumerate(
                SAVED_SEARCHES
            )
        ],
    )
    await writer.insert("mute", [_mute(writer, skills, *muted) for muted in MUTES])
    await writer.insert(
        "person_skill",
        [
            {
                "id": writer.key(f"skill.{name}_{number}", _moment(110 + index, number)),
                "person_id": cast[f"person.{name}"],
                "skill_id": skills[(index * 2 + number) % 7],
                "level": (index + number) % 5 + 1,
                "evidence": "" if number else f"Did it, says {name}",
                "last_used_on": date(2025, 5, 5 + number) if index % 2 else None,
            }
            for index, name in enumerate(PEOPLE)
            for number in range(4)
        ],
    )


def _block(cast: Cast, who: str, whom: str, key: UUID, index: int) -> dict[str, Any]:
    names = (who, whom)
    people = [cast[name] for name in names if name.startswith("person.")]
    places = [cast[name] for name in names if name.startswith("org.")]
    return {
        "id": key,
        "created_at": _moment(105 + index, 5 * index),
        "person_id": people[0],
        "blocked_person_id": people[1] if len(people) == 2 else None,
        "organisation_id": places[0] if places else None,
        "by_organisation": who.startswith("org."),
    }


def _mute(writer: Writer, skills: list[UUID], person: str, muted: str) -> dict[str, Any]:
    cast = writer.cast
    kind, _, name = muted.partition(".")
    return {
        "id": writer.key(f"mute.{person}_{kind}_{name}", _moment(100)),
        "person_id": cast[f"person.{person}"],
        "organisation_id": cast[muted] if kind == "org" else None,
        "muted_person_id": cast[muted] if kind == "person" else None,
        "skill_id": skills[int(name)] if kind == "skill" else None,
    }


async def _posts(writer: Writer, skills: list[UUID]) -> None:
    cast = writer.cast
    posts = [
        {
            "id": writer.key(
                f"post.{organisation}_{person}_{audience.lower()}", _moment(130 + number * 3)
            ),
            "organisation_id": cast[f"org.{organisation}"],
            "author_id": cast[f"person.{person}"],
            "body": f'{audience} of {organisation} 🦊 \\ "quote"\n' + "Long text. " * number,
            "language": "EN" if number % 2 else "NL",
            "audience": audience,
            "created_at": _moment(130 + number * 3, 10 * number),
            "edited_at": _moment(150 + number, 120_000) if number % 3 == 0 else None,
            "hidden_at": _hidden(f"{organisation}_{person}_{audience.lower()}", HIDDEN_POSTS),
        }
        for number, (organisation, person, audience) in enumerate(
            (organisation, person, audience)
            for organisation, person in WRITERS
            for audience in AUDIENCES
        )
    ]
    await writer.insert("post", posts)
    await writer.insert(
        "feed_visit",
        [
            {
                "person_id": cast[f"person.{person}"],
                "seen_post_id": posts[number]["id"],
                "seen_at": _moment(250 + number, 5_000 * number),
            }
            for person, number in (("member", 12), ("follower", 0), ("pat", 39))
        ],
    )
    await writer.insert(
        "post_skill",
        [
            {"post_id": post["id"], "skill_id": skills[(number // 4 + step) % 6]}
            for number, post in enumerate(posts)
            for step in ((0,), (), (0, 2), (1,))[number % 4]
        ],
    )
    names = [name for name in cast.keys if name.startswith("post.")]
    comments: list[dict[str, Any]] = []
    reactions = []
    for number, post in enumerate(names):
        short = post.removeprefix("post.")
        moment = _moment(140 + number * 3)
        for turn in range(6 if number % 2 == 0 else 1):
            # The third answers the first, the fourth the third, the fifth the first again.
            parent = {2: 0, 3: 2, 4: 0}.get(turn)
            comments.append(
                {
                    "id": writer.key(f"comment.{short}_{turn}", moment + timedelta(minutes=turn)),
                    "post_id": cast[post],
                    "parent_id": None if parent is None else cast[f"comment.{short}_{parent}"],
                    "author_id": cast[f"person.{TALKERS[(number + turn) % len(TALKERS)]}"],
                    "body": f"Comment {turn}",
                    "created_at": moment,
                    "edited_at": moment + timedelta(seconds=1) if turn == 1 else None,
                    "hidden_at": _hidden(f"{short}_{turn}", HIDDEN_COMMENTS),
                }
            )
        reactions += [
            {
                "id": writer.key(f"reaction.{short}_{person}", moment + timedelta(hours=turn)),
                "post_id": cast[post],
                "person_id": cast[f"person.{person}"],
                "kind": KINDS[(number + turn) % len(KINDS)],
                "created_at": moment,
            }
            for turn, person in enumerate((*TALKERS, "follower"))
            if (number + turn) % 3
        ]
    # Answers whose parent is under another post, that few may read or all: the keys allow it.
    comments += [
        {
            "id": writer.key(f"comment.{name}", _moment(190)),
            "post_id": cast[post],
            "parent_id": cast[parent],
            "author_id": cast["person.pat"],
            "body": "Astray",
            "created_at": _moment(190),
            "edited_at": None,
            "hidden_at": None,
        }
        for name, post, parent in (
            ("astray", "post.open_pat_public", "comment.town_author_followers_0"),
            ("astray_too", "post.town_author_followers", "comment.open_pat_public_0"),
        )
    ]
    await writer.insert("comment", comments)
    await writer.insert("reaction", reactions)


def _hidden(name: str, names: Sequence[str]) -> datetime | None:
    return SUSPENDED if name in names else None


async def _media(writer: Writer) -> None:
    cast = writer.cast
    # Name: on which post, of which organisation or person, by whom, for what, where in its post.
    rows: dict[str, tuple[str | None, str | None, str, str, int]] = {
        "open_0": ("post.open_pat_public", None, "pat", "IMAGE", 1),
        "open_1": ("post.open_pat_public", None, "pat", "IMAGE", 0),
        "open_2": ("post.open_pat_public", None, "nel", "FILE", 2),
        "town_0": ("post.town_author_followers", None, "author", "IMAGE", 0),
        "inner_0": ("post.open_col_organisation", None, "col", "FILE", 0),
        "shut_0": ("post.shut_insider_public", None, "insider", "IMAGE", 0),
        "logo": (None, "org.shut", "insider", "LOGO", 0),
        "portrait": (None, "person.dex", "dex", "AVATAR", 0),
        "unused": (None, None, "pat", "IMAGE", 0),
        "other": (None, None, "stranger", "FILE", 0),
    }
    await writer.insert(
        "media",
        [
            {
                "id": writer.key(f"media.{name}", _moment(195 + index)),
                "uploaded_by_id": cast[f"person.{by}"],
                "post_id": cast[post] if post else None,
                "organisation_id": cast[of] if of and of.startswith("org.") else None,
                "person_id": cast[of] if of and of.startswith("person.") else None,
                "position": position,
                "purpose": purpose,
                "storage_key": f"{name}.webp",
                "content_type": "text/plain" if purpose == "FILE" else "image/webp",
                "name": f'{name} "1".txt' if purpose == "FILE" else "",
                "alt_text": "" if index % 2 else "A \\ 'picture'",
                "byte_count": 1_000 + index,
                "width": None if purpose == "FILE" else 20,
                "height": None if purpose == "FILE" else 30 + index,
                "created_at": _moment(195 + index, 120),
            }
            for index, (name, (post, of, by, purpose, position)) in enumerate(rows.items())
        ],
    )
