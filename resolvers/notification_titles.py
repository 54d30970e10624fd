"""The sentence of a notification, put together by SQL from the texts of both languages.

So it is always in the language that its reader uses now, with the names that people have now, and
names nobody whom the reader may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from string import Formatter
from typing import Any, cast

from sqlalchemy import ARRAY, Integer, Text, case, func, literal_column, select

from db.tables.notifications import NotificationKind
from db.tables.organisations import Organisation
from db.tables.people import Locale, Person
from db.tables.posts import Post
from resolvers.rows import Row
from resolvers.seeing import seen_here
from resolvers.wording import texts

DOMAIN = "notifications."
TITLE = "title_"
EXCERPT = 80
FACTS = Row(
    "facts",
    {
        "kind": Text(),
        "note": Text(),
        "locale": Text(),
        "organisation": Text(),
        "post": Text(),
        "names": ARRAY(Text()),
        "count": Integer(),
    },
)


def title(notification: Row, count: Any) -> Any:
    """Give the sentence, with `count` as the number of people it is about."""
    in_dutch = FACTS.locale == Locale.NL.value
    sentence = case((in_dutch, _sentence(Locale.NL)), else_=_sentence(Locale.EN))
    return select(sentence).select_from(_facts(notification, count)).scalar_subquery()


def _facts(notification: Row, count: Any) -> Any:
    """Give what the sentence is made of, worked out once whatever it turns out to be."""
    people, organisations, posts = (
        cast("Any", model).__table__.alias(f"named_{model.__tablename__}")
        for model in (Person, Organisation, Post)
    )
    shown = func.unnest(notification.actor_ids).table_valued("id", with_ordinality="place")
    names: Any = (
        select(func.array_agg(literal_column("named_person.name order by shown.place")))
        .select_from(
            shown.render_derived(name="shown").join(
                people, people.c.id == literal_column("shown.id")
            )
        )
        .where(seen_here("person", literal_column("shown.id"), "named_actor"))
    )
    words = func.regexp_replace(posts.c.body, "[[:space:]]+", " ", "g")
    excerpt = case(
        (func.char_length(words) > EXCERPT, func.left(words, EXCERPT - 1) + "…"), else_=words
    )
    return (
        select(
            notification.kind.label("kind"),
            notification.note.label("note"),
            select(people.c.locale)
            .where(people.c.id == notification.person_id)
            .scalar_subquery()
            .label("locale"),
            select(organisations.c.name)
            .where(organisations.c.id == notification.organisation_id)
            .scalar_subquery()
            .label("organisation"),
            select(excerpt)
            .where(posts.c.id == notification.post_id)
            .scalar_subquery()
            .label("post"),
            names.scalar_subquery().label("names"),
            count.label("count"),
        )
        # Or the planner copies each of these into every sentence that mentions it.
        .offset(0)
        .subquery("facts")
    )


@cache
def _sentences() -> list[tuple[NotificationKind, str | None, str | None, str]]:
    """Give kind, state, number and key of each title, the most particular first."""
    found = []
    by_length = sorted(NotificationKind, key=lambda kind: -len(kind.value))
    for key in texts():
        if not key.startswith(DOMAIN + TITLE):
            continue
        rest = key.removeprefix(DOMAIN + TITLE).upper()
        kind = next(kind for kind in by_length if rest.startswith(kind.value))
        state = rest.removeprefix(kind.value).lstrip("_")
        number = next((number for number in ("ONE", "MANY") if state.endswith(number)), None)
        state = state.removesuffix(number or "").rstrip("_")
        found.append((kind, state or None, number, key))
    return sorted(found, key=lambda title: (title[1] is None, title[2] is None))


def _sentence(locale: Locale) -> Any:
    branches = []
    for kind, state, number, key in _sentences():
        condition = FACTS.kind == kind.value
        if state is not None:
            condition = condition & (FACTS.note == state)
        if number is not None:
            is_one = FACTS.count == literal_column("1")
            condition = condition & (is_one if number == "ONE" else ~is_one)
        branches.append((condition, _said(key, locale, _named(locale))))
    return case(*branches, else_="")


def _named(locale: Locale) -> Mapping[str, Callable[[], Any]]:
    return {
        "actors": lambda: _actors(locale),
        "organisation": lambda: func.coalesce(FACTS.organisation, ""),
        "post": lambda: func.coalesce(FACTS.post, ""),
        "note": lambda: func.coalesce(FACTS.note, ""),
    }


def _actors(locale: Locale) -> Any:
    """Give the people as a phrase: three names at most, and how many others."""
    named = func.coalesce(func.cardinality(FACTS.names), literal_column("0"))
    count = FACTS.count
    number = func.trim(func.to_char(count, "FM9,999,999"))
    if locale is Locale.NL:
        number = func.translate(number, ",", ".")
    name = [literal_column(f"facts.names[{place}]", Text()) for place in (1, 2, 3)]

    values: dict[str, Callable[[], Any]] = {
        "first": lambda: name[0],
        "second": lambda: name[1],
        "third": lambda: name[2],
        "count": lambda: number,
    }

    def say(key: str, but: int = 0) -> Any:
        return _said(
            f"{DOMAIN}actors_{key}", locale, {**values, "others": lambda: _text(count, but)}
        )

    return case(
        ((named == literal_column("0")) & (count <= literal_column("1")), say("nobody_one")),
        ((named == literal_column("0")), say("nobody_many")),
        (count <= literal_column("1"), name[0]),
        ((count == literal_column("2")) & (named >= literal_column("2")), say("two")),
        (count == literal_column("2"), say("first_and_one")),
        ((count == literal_column("3")) & (named >= literal_column("3")), say("three")),
        ((count == literal_column("3")) & (named >= literal_column("2")), say("two_and_one")),
        (named >= literal_column("2"), say("two_and_more", 2)),
        else_=say("first_and_more", 1),
    )


def _text(count: Any, but: int) -> Any:
    return func.concat(count - literal_column(str(but)))


def _said(key: str, locale: Locale, values: Mapping[str, Callable[[], Any]]) -> Any:
    """Give a text as SQL, with the expressions in `values` at their places."""
    parts: list[Any] = []
    for text, name, _, _ in Formatter().parse(texts()[key][locale.value.lower()]):
        if text:
            parts.append(text)
        if name is not None:
            parts.append(values[name]())
    return func.concat(*parts)
