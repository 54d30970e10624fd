"""Domains that organisations claim: their form, their proof, and who sees a claim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast, func, null
from sqlmodel import col, select

from db.tables.organisations import DomainClaim, DomainProof, Organisation
from resolvers import checking
from resolvers.organisations import permits
from resolvers.permissions import Action
from resolvers.refusals import InvalidInput
from resolvers.rows import Row, Viewer

DOMAIN_MAX = 253
# Labels of letters, figures and hyphens; the last has a letter, so an IP address is none.
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
RECORD_PREFIX = "talent-commons-verification="
RECORD_NAME = "_talent-commons."
PUBLIC_FILE = Path(__file__).resolve().parent.parent / "db" / "data" / "public_mail_domains.txt"


class NamesUnavailable(Exception):
    """The names of a domain could not be looked up; the text says what went wrong."""


def domain(value: str, field: str) -> str:
    """Give a domain in lower case and as DNS writes it (IDNA).

    Raises:
        InvalidInput: It is none, or one where anybody can have a mailbox.
    """
    cleaned = checking.text(value, field, at_most=DOMAIN_MAX, at_least=1).lower().rstrip(".")
    try:
        written = cleaned.encode("idna").decode()
    except UnicodeError:
        written = ""
    if len(written) > DOMAIN_MAX or not DOMAIN.fullmatch(written):
        raise InvalidInput("domains.invalid", field=(field,))
    if is_public(written):
        raise InvalidInput("domains.public", field=(field,), domain=written)
    return written


def is_public(written: str) -> bool:
    """Tell whether anybody can have a mailbox at a domain, or at one above it."""
    labels = written.split(".")
    return any(".".join(labels[start:]) in _public() for start in range(len(labels)))


@cache
def _public() -> frozenset[str]:
    lines = PUBLIC_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def record_of(token: str) -> str:
    """Give what the TXT record must hold."""
    return f"{RECORD_PREFIX}{token}"


def places_of(name: str) -> tuple[str, str]:
    """Give the two names at which the record may be."""
    return f"{RECORD_NAME}{name}", name


def proves(records: Sequence[str], token: str) -> bool:
    """Tell whether the record is among those found."""
    return record_of(token) in {record.strip() for record in records}


def visible(claim: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A claim is seen by those whose role permits to verify a domain."""
    return permits(Action.VERIFY_DOMAIN, claim.organisation_id, viewer)


def claims(organisation: Row) -> Any:
    """Give the domains that an organisation claims."""
    return select(DomainClaim).where(col(DomainClaim.organisation_id) == organisation.id)


def claimant(claim: Row) -> Any:
    """Give the organisation that claims it."""
    return select(Organisation).where(col(Organisation.id) == claim.organisation_id)


def record_name(claim: Row) -> ColumnElement[Any]:
    """Give where the record is best put; null for a claim that is proved by mail."""
    return case(
        (claim.proof == DomainProof.DNS.value, func.concat(RECORD_NAME, cast(claim.domain, Text))),
        else_=null(),
    )


def record_value(claim: Row) -> ColumnElement[Any]:
    """Give what the record must hold; null for a claim that is proved by mail."""
    return case(
        (claim.proof == DomainProof.DNS.value, func.concat(RECORD_PREFIX, claim.token)),
        else_=null(),
    )
