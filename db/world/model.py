"""Organisations and people of the world, as far as they are known before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from db.tables.organisations import SizeBand
from db.tables.people import ProfileVisibility, Role
from db.world.catalogue import Catalogue
from db.world.scale import Sizes
from db.world.sources import Archetype, Job, Sources


@dataclass(frozen=True, slots=True)
class Setting:
    """What everything is made from: words, skills, sizes, and from when to when, in milliseconds."""

    sources: Sources
    catalogue: Catalogue
    sizes: Sizes
    start: int
    until: int


@dataclass(slots=True)
class Organisation:
    """One organisation; its place in the list of all is how others refer to it."""

    id: UUID
    ms: int
    slug: str
    name: str
    archetype: Archetype
    english: bool
    place: str
    size: SizeBand
    about: str
    verified: bool
    # How many people work there, how much it is followed, how much it posts: relative.
    staff: float
    appeal: float
    zeal: float
    members: int | None = None
    suspended_ms: int | None = None
    strengths: list[tuple[str, str]] = field(default_factory=list)

    @property
    def domain(self) -> str:
        """The domain of its website and mailboxes."""
        return f"{self.slug}.example"

    @property
    def language(self) -> str:
        """Its working language."""
        return "en" if self.english else "nl"


@dataclass(slots=True)
class Person:
    """One person; the list of all is in the order in which they joined, `home` is a place there."""

    id: UUID
    ms: int
    email: str
    name: str
    english: bool
    headline: str | None
    location: str
    visibility: ProfileVisibility
    home: int
    role: Role
    job: Job
    title: str
    # Key in the story, and skills that the story says somebody has: slug, level, evidence.
    key: str | None = None
    skills: list[tuple[str, int, str]] = field(default_factory=list)
    # Exactly so many follows, rather than as many as it happens.
    follows: int | None = None
    deactivated_ms: int | None = None
