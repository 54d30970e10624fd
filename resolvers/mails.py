"""Mails: written from a template in a person's language, in plain text and as simple HTML.

A template `accounts.verify_email` is two texts, `verify_email_subject` and `verify_email_body` in
`texts/accounts.toml`. A body is paragraphs with an empty line between them; a paragraph that is an
address and nothing else becomes a button. The common frame is in `texts/mails.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlsplit

from db.tables.people import Locale
from resolvers.wording import say

# Colours of the pages' light theme, written out: mail programs know no variables.
PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{subject}</title></head>'
    '<body style="margin:0;padding:24px;background:#f4f3f1;color:#22262b;'
    'font:16px/1.5 system-ui,sans-serif">'
    '<div style="max-width:560px;margin:0 auto;padding:32px;background:#fff;border-radius:8px">'
    '<p style="margin:0 0 24px;font-weight:600;color:#0b5e62">Talent Commons</p>{body}</div>'
    '<div style="max-width:560px;margin:16px auto 0;padding:0 32px;font-size:14px;color:#5b616a">'
    "{footer}</div></body></html>"
)
PARAGRAPH = '<p style="margin:0 0 16px">{text}</p>'
BUTTON = (
    '<p style="margin:24px 0"><a href="{url}" style="display:inline-block;padding:12px 20px;'
    'background:#0b5e62;color:#fff;border-radius:8px;text-decoration:none">{label}</a></p>'
    '<p style="margin:0 0 16px;font-size:14px;color:#5b616a">{url}</p>'
)
LINK = '<a href="{url}" style="color:#0b5e62">{url}</a>'


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail to one address."""

    to: str
    subject: str
    text: str
    html: str
    # The same each time it is tried, so that a double delivery can be recognised.
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What is around the text of a mail."""

    base_url: str
    # Makes the Message-ID.
    reference: str
    headers: Mapping[str, str] = field(default_factory=dict)
    # Stands above the common footer.
    footer: str = ""


def write_mail(
    template: str, *, to: str, locale: Locale, values: Mapping[str, Any], envelope: Envelope
) -> Mail:
    """Write a mail from a template, with the values that its texts name."""
    subject = " ".join(say(f"{template}_subject", locale, **values).split())
    body = say(f"{template}_body", locale, **values).strip()
    below = [
        part
        for part in (envelope.footer, say("mails.footer", locale, base_url=envelope.base_url))
        if part
    ]
    return Mail(
        to=to,
        subject=subject,
        text="\n\n".join([body, "-- \n" + "\n".join(below)]) + "\n",
        html=PAGE.format(
            language=locale.value.lower(),
            subject=escape(subject),
            body="".join(_paragraph(part, locale) for part in body.split("\n\n")),
            footer="".join(PARAGRAPH.format(text=_linked(part)) for part in below),
        ),
        message_id=f"<{envelope.reference}@{urlsplit(envelope.base_url).hostname or 'localhost'}>",
        headers=envelope.headers,
    )


def _paragraph(text: str, locale: Locale) -> str:
    text = text.strip()
    if _is_address(text):
        return BUTTON.format(url=escape(text), label=escape(say("mails.open", locale)))
    return PARAGRAPH.format(text=_linked(text))


def _linked(text: str) -> str:
    """Give a text as HTML: addresses are links, lines stay lines."""
    lines = (
        " ".join(
            LINK.format(url=escape(word)) if _is_address(word) else escape(word)
            for word in line.split(" ")
        )
        for line in text.split("\n")
    )
    return "<br>".join(lines)


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not any(map(str.isspace, text))
