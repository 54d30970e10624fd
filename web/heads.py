"""What the head of a public page says, to people who share it and to machines: for a path, or none.

`head_of` is all that another page at the same address needs: it gives title, description, Open Graph
and JSON-LD, and the text for readers without scripts.

Of a listing the JSON-LD is an `Offer` or a `Demand` of schema.org, offered or sought by an organisation.
Not a `JobPosting`: most forms are no job that somebody could apply for (a document, an answer, a
masterclass), a listing names a capacity of an organisation, and what is shown as a job and is none is
taken for spam by those who read such data.
"""

from __future__ import annotations

import html
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from db.tables.listings import ListingKind, ListingStatus
from db.tables.people import Locale
from resolvers.acting import Connection
from resolvers.listing_files import shown
from resolvers.public_pages import (
    PublicListing,
    PublicOrganisation,
    PublicPost,
    Publisher,
    public_listing,
    public_organisation,
    public_post,
)
from resolvers.wording import day, say
from schema import prefixes

SITE = "Talent Commons"
PATH = re.compile(r"/(listings|organisations|posts)/([^/]+)/?")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")
TAGS = re.compile(r"<[^>]*>")
BLOCKS = re.compile(r"</(?:p|li|h[1-6]|blockquote|pre)>|<br ?/?>")
DESCRIPTION_MAX = 200
TITLE_MAX = 70
OG_LOCALES = {Locale.NL: "nl_NL", Locale.EN: "en_GB"}
CENTS = 100
# What could end the element that holds it, or a line of it.
IN_SCRIPTS = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a public page says of itself; texts are plain but `body`, which is safe HTML."""

    title: str
    description: str
    url: str
    # Of the page; `content_language` of what somebody wrote, None where nobody says.
    language: Locale
    content_language: Locale | None
    kind: str
    image: str | None
    is_indexed: bool
    data: Mapping[str, Any]
    heading: str
    # The organisation's name and address, None on its own page.
    by: tuple[str, str] | None
    facts: Sequence[tuple[str, str]]
    body: str

    @property
    def json_ld(self) -> str:
        """The JSON-LD, fit to stand inside a `script` element."""
        text = orjson.dumps(self.data).decode()
        return "".join(IN_SCRIPTS.get(character, character) for character in text)

    @property
    def json_ld_source(self) -> str:
        """The source expression that lets the JSON-LD, and nothing else, into a content policy."""
        return f"'sha256-{b64encode(sha256(self.json_ld.encode()).digest()).decode()}'"

    def tags(self) -> str:
        """Give the elements of the head, from the title to the JSON-LD."""
        properties = [
            ("og:site_name", SITE),
            ("og:type", self.kind),
            ("og:title", self.title),
            ("og:description", self.description),
            ("og:url", self.url),
            ("og:locale", OG_LOCALES[self.language]),
            *([("og:image", self.image)] if self.image else []),
        ]
        return "".join(
            [
                f"<title>{_text(f'{self.title} · {SITE}')}</title>",
                f'<meta name="description" content="{_text(self.description)}">',
                f'<link rel="canonical" href="{_text(self.url)}">',
                "" if self.is_indexed else '<meta name="robots" content="noindex">',
                *(
                    f'<meta property="{name}" content="{_text(value)}">'
                    for name, value in properties
                ),
                '<meta name="twitter:card" content="summary">',
                f'<script type="application/ld+json">{self.json_ld}</script>',
            ]
        )


async def head_of(connection: Connection, path: str, base_url: str, locale: Locale) -> Head | None:
    """Give the head of the page at a path; None where anybody has nothing to see."""
    found = PATH.fullmatch(path)
    if found is None:
        return None
    section, name = found[1], found[2]
    if section == "organisations":
        organisation = SLUG.fullmatch(name) and await public_organisation(connection, name)
        return _of_organisation(organisation, base_url, locale) if organisation else None
    prefix = prefixes.LISTING if section == "listings" else prefixes.POST
    key = _key(name, prefix)
    if key is None:
        return None
    if section == "listings":
        listing = await public_listing(connection, key)
        return _of_listing(listing, base_url, locale) if listing else None
    post = await public_post(connection, key)
    return _of_post(post, base_url, locale) if post else None


def _of_listing(listing: PublicListing, base_url: str, locale: Locale) -> Head:
    url = f"{base_url}/listings/{prefixes.LISTING}_{listing.id}"
    is_open = listing.status is ListingStatus.OPEN
    kind, form = shown(listing.kind, locale), shown(listing.form, locale)
    facts = [
        ("form", f"{kind} · {form}"),
        ("status", shown(listing.status, locale)),
        ("skills", ", ".join(listing.skills)),
        ("period", _period(listing.starts_on, listing.ends_on, locale)),
        ("hours", _hours(listing, locale)),
        ("place", _place(listing, locale)),
        ("terms", shown(listing.terms, locale)),
        ("open_until", day(listing.expires_at.date(), locale) if listing.expires_at else ""),
    ]
    about = plain(listing.html) or say(
        "public_pages.listing_about",
        locale,
        kind=kind,
        form=form,
        organisation=listing.organisation.name,
    )
    return Head(
        title=_cut(listing.title, TITLE_MAX),
        description=_cut(about, DESCRIPTION_MAX),
        url=url,
        language=locale,
        content_language=listing.language,
        kind="article",
        image=_image(listing.organisation, base_url),
        is_indexed=is_open,
        data=_graph(_listing_data(listing, url, about, base_url)),
        heading=listing.title,
        by=_by(listing.organisation),
        facts=_labelled(facts, locale),
        body=listing.html,
    )


def _listing_data(
    listing: PublicListing, url: str, about: str, base_url: str
) -> list[dict[str, Any]]:
    is_offer = listing.kind is ListingKind.OFFER
    publisher = _organisation(listing.organisation, base_url)
    place = listing.place
    deal: dict[str, Any] = {
        "@type": "Offer" if is_offer else "Demand",
        "@id": url,
        "url": url,
        "name": listing.title,
        "description": about,
        "itemOffered": {
            "@type": "Service",
            "name": listing.title,
            "serviceType": shown(listing.form, Locale.EN),
            **({"keywords": ", ".join(listing.skills)} if listing.skills else {}),
            **({"provider": {"@id": publisher["@id"]}} if is_offer else {}),
        },
        "inventoryLevel": {"@type": "QuantitativeValue", "value": listing.capacity},
        "availabilityStarts": _day(listing.starts_on),
        "availabilityEnds": _day(listing.ends_on),
        "validFrom": _moment(listing.opened_at),
        "validThrough": _moment(listing.expires_at),
    }
    if place is not None:
        deal["availableAtOrFrom"] = {
            "@type": "Place",
            "name": place.name,
            "address": {
                "@type": "PostalAddress",
                "addressLocality": place.name,
                "addressRegion": place.province,
                "addressCountry": "NL",
            },
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": place.latitude,
                "longitude": place.longitude,
            },
        }
    if listing.rate_cents is not None:
        deal["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "price": listing.rate_cents / CENTS,
            "priceCurrency": "EUR",
            "unitCode": "HUR",
        }
    publisher["makesOffer" if is_offer else "seeks"] = {"@id": url}
    return [{name: value for name, value in deal.items() if value is not None}, publisher]


def _of_organisation(found: PublicOrganisation, base_url: str, locale: Locale) -> Head:
    organisation, strengths = found.organisation, found.strengths[locale]
    about = plain(found.html) or say(
        "public_pages.organisation_about", locale, organisation=organisation.name
    )
    data = {
        **_organisation(organisation, base_url),
        "description": about,
        **({"sameAs": [found.website]} if found.website else {}),
        **(
            {"address": {"@type": "PostalAddress", "addressLocality": found.location}}
            if found.location
            else {}
        ),
        **({"knowsAbout": list(strengths)} if strengths else {}),
    }
    facts = [
        ("place", found.location or ""),
        ("website", found.website or ""),
        ("strengths", ", ".join(strengths)),
    ]
    return Head(
        title=_cut(organisation.name, TITLE_MAX),
        description=_cut(about, DESCRIPTION_MAX),
        url=str(data["url"]),
        language=locale,
        content_language=None,
        kind="profile",
        image=_image(organisation, base_url),
        is_indexed=True,
        data=_graph([data]),
        heading=organisation.name,
        by=None,
        facts=_labelled(facts, locale),
        body=found.html,
    )


def _of_post(post: PublicPost, base_url: str, locale: Locale) -> Head:
    url = f"{base_url}/posts/{prefixes.POST}_{post.id}"
    text = plain(post.html) or say(
        "public_pages.post_about", locale, organisation=post.organisation.name
    )
    publisher = _organisation(post.organisation, base_url)
    title = _cut(text, TITLE_MAX)
    posting = {
        "@type": "SocialMediaPosting",
        "@id": url,
        "url": url,
        "headline": title,
        "articleBody": text,
        "inLanguage": post.language.value.lower(),
        "datePublished": _moment(post.created_at),
        "dateModified": _moment(post.edited_at or post.created_at),
        "commentCount": post.comment_count,
        "author": {"@id": publisher["@id"]},
    }
    return Head(
        title=title,
        description=_cut(text, DESCRIPTION_MAX),
        url=url,
        language=locale,
        content_language=post.language,
        kind="article",
        image=_image(post.organisation, base_url),
        is_indexed=True,
        data=_graph([posting, publisher]),
        heading=say("public_pages.post_by", locale, organisation=post.organisation.name),
        by=_by(post.organisation),
        facts=_labelled([("published", day(post.created_at.date(), locale))], locale),
        body=post.html,
    )


def plain(markup: str) -> str:
    """Give the words of safe HTML, in one line."""
    spaced = BLOCKS.sub(" ", markup)
    return " ".join(html.unescape(TAGS.sub("", spaced)).split())


def _graph(nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@graph": list(nodes)}


def _organisation(organisation: Publisher, base_url: str) -> dict[str, Any]:
    url = f"{base_url}/organisations/{organisation.slug}"
    image = _image(organisation, base_url)
    return {
        "@type": "Organization",
        "@id": url,
        "url": url,
        "name": organisation.name,
        **({"logo": image} if image else {}),
    }


def _by(organisation: Publisher) -> tuple[str, str]:
    return organisation.name, f"/organisations/{organisation.slug}"


def _image(organisation: Publisher, base_url: str) -> str | None:
    logo = organisation.logo_url
    return f"{base_url}{logo}" if logo and logo.startswith("/") else logo


def _labelled(facts: Sequence[tuple[str, str]], locale: Locale) -> list[tuple[str, str]]:
    return [(say(f"public_pages.fact_{name}", locale), value) for name, value in facts if value]


def _period(starts: date | None, ends: date | None, locale: Locale) -> str:
    if starts is None and ends is None:
        return ""
    return " \u2013 ".join("…" if one is None else day(one, locale) for one in (starts, ends))


def _hours(listing: PublicListing, locale: Locale) -> str:
    if listing.hours_per_week is not None:
        return say("public_pages.hours_a_week", locale, hours=listing.hours_per_week)
    if listing.hours_total is not None:
        return say("public_pages.hours_in_all", locale, hours=listing.hours_total)
    return ""


def _place(listing: PublicListing, locale: Locale) -> str:
    remote = say("public_pages.remote", locale) if listing.is_remote else ""
    place = listing.place.name if listing.place else ""
    return ", ".join(part for part in (place, remote) if part)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None


def _cut(text: str, most: int) -> str:
    """Give a text of at most so many characters, cut between words where there are some."""
    if len(text) <= most:
        return text
    whole, _, _ = text[:most].rpartition(" ")
    return f"{(whole or text[: most - 1]).rstrip(' ,.;:')}…"


def _text(value: str) -> str:
    return html.escape(value, quote=True)


def _key(name: str, prefix: str) -> UUID | None:
    found, _, key = name.partition("_")
    try:
        return UUID(key) if found == prefix and len(key) == 36 else None  # noqa: PLR2004 - of a UUID
    except ValueError:
        return None
