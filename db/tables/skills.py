"""The bilingual skills taxonomy: domains hold clusters, clusters hold skills, skills relate."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, UniqueConstraint, text
from sqlmodel import Field

from db.base import Entity, text_enum
from db.tables.people import Locale


class SkillKind(StrEnum):
    """What sort of ability a concept of the taxonomy is."""

    SKILL = "SKILL"
    KNOWLEDGE = "KNOWLEDGE"
    LANGUAGE = "LANGUAGE"
    TRANSVERSAL = "TRANSVERSAL"


class SkillRelationKind(StrEnum):
    """How one skill relates to another."""

    BROADER = "BROADER"
    RELATED = "RELATED"


class SkillDomain(Entity, table=True):
    """A top-level field of the taxonomy."""

    __tablename__ = "skill_domain"
    __table_args__ = (UniqueConstraint("slug"),)

    slug: str = Field(sa_type=Text)
    label_en: str = Field(sa_type=Text)
    label_nl: str = Field(sa_type=Text)
    position: int = Field(sa_type=SmallInteger)


class SkillCluster(Entity, table=True):
    """A group of close skills within a domain."""

    __tablename__ = "skill_cluster"
    __table_args__ = (
        UniqueConstraint("slug"),
        # Serves a domain's clusters in their order.
        Index(None, "domain_id", "position"),
    )

    domain_id: UUID = Field(foreign_key="skill_domain.id", ondelete="CASCADE")
    slug: str = Field(sa_type=Text)
    label_en: str = Field(sa_type=Text)
    label_nl: str = Field(sa_type=Text)
    position: int = Field(sa_type=SmallInteger)


class Skill(Entity, table=True):
    """A concept of the taxonomy, in both languages; `esco_uri` names its source where there is one."""

    __tablename__ = "skill"
    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("esco_uri"),
        # Serves a cluster's skills.
        Index(None, "cluster_id", "id"),
        # Serve skills(order: LABEL) in each language.
        Index(None, "label_en", "id"),
        Index(None, "label_nl", "id"),
    )

    cluster_id: UUID = Field(foreign_key="skill_cluster.id", ondelete="CASCADE")
    slug: str = Field(sa_type=Text)
    kind: SkillKind = Field(sa_type=text_enum(SkillKind, "kind"))
    label_en: str = Field(sa_type=Text)
    label_nl: str = Field(sa_type=Text)
    esco_uri: str | None = Field(default=None, sa_type=Text)
    person_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


class SkillTerm(Entity, table=True):
    """One way to say a skill: its labels and aliases in both languages, folded for look-up.

    `folded` is lower case without accents; exact look-ups and trigram similarity go by it.
    """

    __tablename__ = "skill_term"
    __table_args__ = (
        UniqueConstraint("skill_id", "language", "folded"),
        Index(None, "folded"),
        # Serves skills(search:) and the matching of free text to the taxonomy.
        Index(
            "ix_skill_term_folded_trgm",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
    )

    skill_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE")
    language: Locale = Field(sa_type=text_enum(Locale, "language"))
    label: str = Field(sa_type=Text)
    folded: str = Field(sa_type=Text)
    preferred: bool = Field(sa_column_kwargs={"server_default": text("false")})


class SkillRelation(Entity, table=True):
    """`source` has `target` as a broader or related skill."""

    __tablename__ = "skill_relation"
    __table_args__ = (
        CheckConstraint("source_id <> target_id", name="distinct"),
        UniqueConstraint("source_id", "target_id"),
        # Serves the way back: narrower skills, and related ones named from the other side.
        Index(None, "target_id", "source_id"),
    )

    source_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE")
    target_id: UUID = Field(foreign_key="skill.id", ondelete="CASCADE")
    kind: SkillRelationKind = Field(sa_type=text_enum(SkillRelationKind, "kind"))
