"""One search over everything that has a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, cast, func, literal, union_all
from sqlmodel import col, select

from db.tables.organisations import Organisation
from db.tables.people import Person
from db.tables.skills import Skill, SkillTerm
from resolvers.searching import containing


def search(query: Any) -> Any:
    """Give organisations, people and skills with `query` in their name, as (typename, id, name)."""
    organisations: Any = select(
        literal("Organisation").label("typename"),
        col(Organisation.id),
        col(Organisation.name).label("name"),
    ).where(containing(col(Organisation.name), query))
    people: Any = select(
        literal("Person").label("typename"), col(Person.id), col(Person.name).label("name")
    ).where(containing(col(Person.name), query))
    term = select(SkillTerm.id).where(
        col(SkillTerm.skill_id) == col(Skill.id),
        containing(col(SkillTerm.folded), func.lower(func.unaccent(query))),
    )
    skills = select(
        literal("Skill").label("typename"),
        col(Skill.id),
        cast(col(Skill.label_en), Text).label("name"),
    ).where(term.exists())
    found = union_all(organisations, people, skills).subquery("found")
    return select(found.c.typename, found.c.id, found.c.name)
