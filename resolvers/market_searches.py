"""Searches of the market that a person keeps. Nothing ends one but its owner."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_, true, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.tables.listings import Listing, ListingSkill, ListingStatus, Place
from db.tables.market_searches import MarketSearch
from db.tables.organisations import Organisation
from db.tables.skills import Skill, SkillRelation, SkillTerm
from resolvers.distances import kilometres
from resolvers.matching import DISTANCE_ASSUMED
from resolvers.rows import Row, Viewer

# Of a great circle; less than the true 111.19, so that nothing near is left out before it is measured.
KM_A_DEGREE = 111.0
# A shorter text is no beginning of a term, as when searching.
BEGINNING_MIN = 4


def visible(saved: Row, viewer: Viewer) -> ColumnElement[bool]:
    """What a person looks for is nobody else's business."""
    return saved.person_id == viewer.id


def market_searches(person: Row) -> Any:
    """Give what a person keeps looking for on the market."""
    return select(MarketSearch).where(col(MarketSearch.person_id) == person.id)


def listings(saved: Row) -> Any:
    """Give the open listings that a search finds; a paused one finds nothing opened after its pause."""
    return select(Listing).where(
        col(Listing.status) == ListingStatus.OPEN,
        col(Listing.expires_at) > func.now(),
        or_(saved.paused_at.is_(None), col(Listing.opened_at) <= saved.paused_at),
        finds(saved, Listing, names=names_close(saved, Listing), means=names_meant(saved, Listing)),
    )


def skills(saved: Row) -> Any:
    """Give the skills that a search names, by English label."""
    return (
        select(Skill)
        .where(col(Skill.id) == func.any(saved.skill_ids))
        .order_by(col(Skill.label_en), col(Skill.id))
    )


def organisations(saved: Row) -> Any:
    """Give the organisations that a search names, by name."""
    return (
        select(Organisation)
        .where(col(Organisation.id) == func.any(saved.organisation_ids))
        .order_by(col(Organisation.name), col(Organisation.id))
    )


def place(saved: Row) -> Any:
    """Give the place that a search looks around."""
    return select(Place).where(col(Place.id) == saved.place_id)


def finds(
    saved: Row, listing: Any, *, names: ColumnElement[bool], means: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Tell whether an open listing is what a search looks for, as `Query.market` would.

    `names` tells whether it names a skill that is close to one of the search's, `means` whether
    it names one that the search's text means. Conditions add up, each is left out where the search
    does not name it; a listing that says nothing of hours, languages, a period or a place is open
    about it.
    """
    slack = listing.slack_days
    return and_(
        _unless_empty(saved.kinds, listing.kind == func.any(saved.kinds)),
        _unless_empty(saved.forms, listing.form == func.any(saved.forms)),
        _unless_empty(saved.terms, listing.terms == func.any(saved.terms)),
        _unless_empty(saved.audiences, listing.audience == func.any(saved.audiences)),
        _unless_empty(
            saved.organisation_ids, listing.organisation_id == func.any(saved.organisation_ids)
        ),
        or_(
            func.cardinality(saved.languages) == literal_column("0"),
            func.cardinality(listing.languages) == literal_column("0"),
            listing.languages.op("&&")(saved.languages),
        ),
        _unless_null(
            saved.starts_on,
            or_(listing.ends_on.is_(None), listing.ends_on + slack >= saved.starts_on),
        ),
        _unless_null(
            saved.ends_on,
            or_(listing.starts_on.is_(None), listing.starts_on - slack <= saved.ends_on),
        ),
        _unless_null(
            saved.minimum_hours,
            func.coalesce(listing.hours_per_week >= saved.minimum_hours, literal_column("true")),
        ),
        _unless_null(
            saved.maximum_hours,
            func.coalesce(listing.hours_per_week <= saved.maximum_hours, literal_column("true")),
        ),
        _unless_null(
            saved.place_id,
            or_(
                and_(saved.include_remote, or_(listing.is_remote, listing.place_id.is_(None))),
                _is_near(saved, listing),
            ),
        ),
        _unless_empty(saved.sectors, _is_of_sector(saved, listing)),
        _unless_null(saved.wanted, or_(listing.searched.bool_op("@@")(saved.wanted), means)),
        _unless_empty(saved.skill_ids, names),
    )


def names_close(saved: Row, listing: Any) -> ColumnElement[bool]:
    """Tell whether a listing names a skill of a search, or one that is close in the taxonomy."""
    named: Any = aliased(ListingSkill)
    return (
        select(named.id)
        .where(named.listing_id == listing.id, named.skill_id.in_(_close_to(saved.skill_ids)))
        .exists()
    )


def names_meant(saved: Row, listing: Any) -> ColumnElement[bool]:
    """Tell whether a listing names a skill of which the text is a label or alias, or begins one."""
    named: Any = aliased(ListingSkill)
    term: Any = aliased(SkillTerm)
    return (
        select(named.id)
        .join(term, term.skill_id == named.skill_id)
        .where(named.listing_id == listing.id, is_meant(saved, term.folded))
        .exists()
    )


def is_meant(saved: Row, term: Any) -> ColumnElement[bool]:
    """Tell whether the text of a search is a term, or begins it."""
    return or_(
        term == saved.folded,
        and_(
            func.length(saved.folded) >= literal_column(str(BEGINNING_MIN)),
            func.starts_with(term, saved.folded),
        ),
    )


def _close_to(skill_ids: Any) -> Any:
    """Give the skills among these and those close to them, as `resolvers.match_finding` finds them."""
    further = aliased(SkillRelation), aliased(SkillRelation)
    mine: Any = aliased(Skill)
    other: Any = aliased(Skill)
    return union_all(
        select(func.unnest(skill_ids)),
        select(further[0].target_id).where(further[0].source_id == func.any(skill_ids)),
        select(further[1].source_id).where(further[1].target_id == func.any(skill_ids)),
        select(other.id)
        .join(mine, mine.cluster_id == other.cluster_id)
        .where(mine.id == func.any(skill_ids)),
    )


def _is_near(saved: Row, listing: Any) -> ColumnElement[bool]:
    """Tell whether a listing's place is within the distance, as the crow flies."""
    here: Any = aliased(Place)
    there: Any = aliased(Place)
    distance = func.coalesce(saved.distance_km, literal_column(str(DISTANCE_ASSUMED)))
    degrees = distance / literal_column(str(KM_A_DEGREE))
    return (
        select(here.id)
        .join(there, there.latitude.between(here.latitude - degrees, here.latitude + degrees))
        .where(
            here.id == saved.place_id,
            there.id == listing.place_id,
            kilometres(here, there) <= distance,
        )
        .exists()
    )


def _is_of_sector(saved: Row, listing: Any) -> ColumnElement[bool]:
    whose: Any = aliased(Organisation)
    return (
        select(whose.id)
        .where(whose.id == listing.organisation_id, whose.sector == func.any(saved.sectors))
        .exists()
    )


def _unless_empty(
    values: ColumnElement[Any], condition: ColumnElement[bool]
) -> ColumnElement[bool]:
    return case((func.cardinality(values) == literal_column("0"), true()), else_=condition)


def _unless_null(value: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return case((value.is_(None), true()), else_=condition)
