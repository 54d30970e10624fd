"""Markdown as people write it, made safe HTML; and the people and organisations that it names.

Markup is CommonMark without raw HTML, tables and pictures, with strikethrough, line breaks kept
and bare web addresses as links. Somebody is named by a link that follows an @:

    Thanks to @[Harbour](org_0199…) and @[Robin](per_0199…)!

Whoever stores the HTML looks the named up first and gives `Text.html` what they are called and
where they are; it shows that name, not the one between the brackets. Two safeguards stand behind
each other: the parser makes no element but those below, and nh3 lets nothing else through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sqlalchemy import ColumnElement, case, func

ORGANISATION, PERSON = "org", "per"
Subject: TypeAlias = tuple[str, UUID]
NAMED = re.compile(
    r"(org|per)_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.ASCII
)
SCHEMES = {"http", "https", "mailto"}
SCHEME = re.compile(r"(?:https?://|mailto:)[^\s]", re.ASCII | re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.ASCII | re.IGNORECASE)
# What ends a sentence rather than an address.
AFTER_ADDRESS = ".,;:!?'*_"
# Unclosed brackets cost the square of their number: past this a text is shown as it was typed.
# 500 of them take 2 ms, 10,000 take 500 ms.
BRACKETS_MAX = 500
PARSER = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 100})
    .enable("strikethrough")
    .disable(["image", "html_block", "html_inline"])
)
PARSER.validateLink = lambda url: bool(SCHEME.match(url) or NAMED.fullmatch(url))  # type: ignore[method-assign]
CLEANER = nh3.Cleaner(
    tags={
        *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    },
    # Without "*" nh3 would let `title` and `lang` through on all of them.
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    allowed_classes={"a": {"mention"}},
    url_schemes=SCHEMES,
    link_rel="nofollow noopener noreferrer",
)


@dataclass(frozen=True)
class Shown:
    """How somebody who is named is shown: what they are called, and the path of their page."""

    name: str
    path: str


class Text:
    """A text that was parsed once: whom it names, and its HTML."""

    def __init__(self, source: str) -> None:
        if source.count("[") > BRACKETS_MAX:
            self._tokens: Sequence[Token] | None = None
            self._plain = plain(source)
        else:
            self._tokens = PARSER.parse(source)
        # Each once, in the order of the text.
        self.named: tuple[Subject, ...] = tuple(
            dict.fromkeys(
                subject
                for token in self._tokens or ()
                for _, _, subject in _mentions(token.children or [])
            )
        )

    def html(self, shown: Mapping[Subject, Shown] | None = None) -> str:
        """Give safe HTML; a mention of somebody who is not in `shown` is plain text."""
        if self._tokens is None:
            return self._plain
        for token in self._tokens:
            if token.children:
                _link_addresses(token)
                _link_mentions(token, shown or {})
        rendered: str = PARSER.renderer.render(self._tokens, PARSER.options, {})
        return CLEANER.clean(rendered).strip()


def render(source: str) -> str:
    """Give the safe HTML of a text in which nobody is linked."""
    return Text(source).html()


def plain(source: str) -> str:
    """Give a text as HTML that shows it as it is: blank lines part paragraphs."""
    escaped = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    paragraphs = re.sub(r"\n{2,}", "</p><p>", escaped).replace("\n", "<br>")
    return f"<p>{paragraphs}</p>" if source else ""


def html_of(html: ColumnElement[Any], source: ColumnElement[Any]) -> ColumnElement[str]:
    """Give SQL for stored HTML or, where there is none, what `plain` gives for the text."""
    escaped = func.replace(
        func.replace(func.replace(source, "&", "&amp;"), "<", "&lt;"), ">", "&gt;"
    )
    paragraphs = func.replace(func.regexp_replace(escaped, "\n{2,}", "</p><p>", "g"), "\n", "<br>")
    return func.coalesce(
        html, case((source == "", ""), else_=func.concat("<p>", paragraphs, "</p>"))
    )


def _mentions(children: Sequence[Token]) -> list[tuple[int, int, Subject]]:
    """Give where links to people and organisations open and close, and to whom; an @ is before."""
    found = []
    for start, token in enumerate(children):
        if token.type != "link_open" or not start or not children[start - 1].content.endswith("@"):
            continue
        match = NAMED.fullmatch(str(token.attrGet("href")))
        if match is None or children[start - 1].type != "text":
            continue
        end = next(i for i in range(start, len(children)) if children[i].type == "link_close")
        found.append((start, end, (match[1], UUID(match[2]))))
    return found


def _link_mentions(token: Token, shown: Mapping[Subject, Shown]) -> None:
    """Put the names of the named in their places, and take the links off all other ids."""
    children = token.children or []
    places = {start: (end, subject) for start, end, subject in _mentions(children)}
    linked: list[Token] = []
    position, depth = 0, 0
    while position < len(children):
        child = children[position]
        if position in places and places[position][1] in shown:
            end, subject = places[position]
            one = shown[subject]
            linked[-1].content = linked[-1].content[:-1]
            linked += _link(one.path, f"@{one.name}", mention=True)
            position = end + 1
            continue
        if child.type == "link_open" and NAMED.fullmatch(str(child.attrGet("href"))):
            depth += 1
        elif child.type == "link_close" and depth:
            depth -= 1
        else:
            linked.append(child)
        position += 1
    token.children = linked


def _link_addresses(token: Token) -> None:
    """Make links of the web addresses in the text that are none yet."""
    linked: list[Token] = []
    within = 0
    for child in token.children or []:
        within += child.nesting if child.type in {"link_open", "link_close"} else 0
        if child.type != "text" or within or "://" not in child.content:
            linked.append(child)
            continue
        position = 0
        for match in ADDRESS.finditer(child.content):
            address = _without_end(match[0])
            if not SCHEME.match(address):
                continue
            linked.append(_text(child.content[position : match.start()]))
            linked += _link(PARSER.normalizeLink(address), address)
            position = match.start() + len(address)
        linked.append(_text(child.content[position:]))
    token.children = linked


def _without_end(address: str) -> str:
    """Give an address without what ends the sentence, or the brackets, around it."""
    while True:
        shorter = address.rstrip(AFTER_ADDRESS)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter


def _link(href: str, shown: str, *, mention: bool = False) -> list[Token]:
    attributes: dict[str, str | int | float] = {"href": href}
    if mention:
        attributes["class"] = "mention"
    return [
        Token("link_open", "a", 1, attrs=attributes),
        _text(shown),
        Token("link_close", "a", -1),
    ]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
