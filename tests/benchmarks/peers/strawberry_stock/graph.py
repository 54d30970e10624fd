"""The graph in stock strawberry: a type per table, a resolver with a DataLoader per relation."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import asyncpg
import strawberry
from strawberry.types import Info

from tests.benchmarks.peers.strawberry_stock.loaders import Loaders

T = TypeVar("T")


def loaders(info: Info) -> Loaders:
    """The loaders of this request."""
    found: Loaders = info.context["loaders"]
    return found


def cursor_of(key: UUID) -> str:
    """An opaque cursor for a row."""
    return base64.urlsafe_b64encode(str(key).encode()).decode()


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Nodes(Generic[T]):
    nodes: list[T]


@strawberry.type
class Skill:
    id: strawberry.ID
    label_en: str


@strawberry.type
class PersonSkill:
    level: int
    skill_id: strawberry.Private[UUID]

    @strawberry.field
    async def skill(self, info: Info) -> Skill:
        row = await loaders(info).skills.load(self.skill_id)
        assert row is not None
        return Skill(id=row["id"], label_en=row["label_en"])


@strawberry.type
class Person:
    id: strawberry.ID
    key: strawberry.Private[UUID]
    name: str
    headline: str | None
    location: str | None = None

    @classmethod
    def of(cls, row: asyncpg.Record) -> Person:
        return cls(id=row["id"], key=row["id"], name=row["name"], headline=row["headline"])

    @strawberry.field
    async def current_membership(self, info: Info) -> Membership | None:
        row = await loaders(info).current_memberships.load(self.key)
        if row is None:
            return None
        return Membership(title=row["title"], organisation_id=row["organisation_id"])

    @strawberry.field
    async def skills(self, info: Info, first: int) -> Nodes[PersonSkill]:
        rows = await loaders(info).person_skills.load((self.key, first))
        nodes = [PersonSkill(level=row["level"], skill_id=row["skill_id"]) for row in rows]
        return Nodes(nodes=nodes)


async def person_by_id(info: Info, key: UUID) -> Person | None:
    """The person, in one batch with all others that the request asks for."""
    row = await loaders(info).persons.load(key)
    return None if row is None else Person.of(row)


@strawberry.type
class Membership:
    id: strawberry.ID | None = None
    role: str = ""
    title: str = ""
    person_id: strawberry.Private[UUID | None] = None
    organisation_id: strawberry.Private[UUID | None] = None

    @strawberry.field
    async def organisation(self, info: Info) -> Organisation | None:
        assert self.organisation_id is not None
        return await organisation_by_id(info, self.organisation_id)

    @strawberry.field
    async def person(self, info: Info) -> Person | None:
        assert self.person_id is not None
        return await person_by_id(info, self.person_id)


@strawberry.type
class MembershipConnection:
    organisation_id: strawberry.Private[UUID]
    nodes: list[Membership]

    @strawberry.field
    async def total_count(self, info: Info) -> int:
        row = await loaders(info).member_counts.load(self.organisation_id)
        return row["count"] if row else 0


@strawberry.type
class Reaction:
    kind: str
    person_id: strawberry.Private[UUID]

    @strawberry.field
    async def person(self, info: Info) -> Person | None:
        return await person_by_id(info, self.person_id)


@strawberry.type
class Comment:
    id: strawberry.ID
    body: str
    author_id: strawberry.Private[UUID]

    @strawberry.field
    async def author(self, info: Info) -> Person | None:
        return await person_by_id(info, self.author_id)


@strawberry.type
class Post:
    id: strawberry.ID
    key: strawberry.Private[UUID]
    author_id: strawberry.Private[UUID]
    organisation_id: strawberry.Private[UUID]
    body: str
    created_at: datetime
    reaction_count: int
    comment_count: int

    @classmethod
    def of(cls, row: asyncpg.Record, organisation_id: UUID) -> Post:
        return cls(
            id=row["id"],
            key=row["id"],
            author_id=row["author_id"],
            organisation_id=organisation_id,
            body=row["body"],
            created_at=row["created_at"],
            reaction_count=row["reaction_count"],
            comment_count=row["comment_count"],
        )

    @strawberry.field
    async def viewer_reaction(self, info: Info) -> str | None:
        row = await loaders(info).viewer_reactions.load(self.key)
        return None if row is None else row["kind"]

    @strawberry.field
    async def author(self, info: Info) -> Person | None:
        return await person_by_id(info, self.author_id)

    @strawberry.field
    async def organisation(self, info: Info) -> Organisation | None:
        return await organisation_by_id(info, self.organisation_id)

    @strawberry.field
    async def reactions(self, info: Info, first: int) -> Nodes[Reaction]:
        rows = await loaders(info).reactions.load((self.key, first))
        return Nodes(nodes=[Reaction(kind=row["kind"], person_id=row["person_id"]) for row in rows])

    @strawberry.field
    async def comments(self, info: Info, first: int) -> Nodes[Comment]:
        rows = await loaders(info).comments.load((self.key, first))
        nodes = [
            Comment(id=row["id"], body=row["body"], author_id=row["author_id"]) for row in rows
        ]
        return Nodes(nodes=nodes)


@strawberry.type
class PostEdge:
    cursor: str
    node: Post


@strawberry.type
class PostConnection:
    nodes: list[Post]
    page_info: PageInfo

    @classmethod
    def of(cls, posts: list[Post], first: int) -> PostConnection:
        """A page of `first` out of `first + 1` posts."""
        nodes = posts[:first]
        end = cursor_of(nodes[-1].key) if nodes else None
        info = PageInfo(has_next_page=len(posts) > first, end_cursor=end)
        return cls(nodes=nodes, page_info=info)

    @strawberry.field
    def edges(self) -> list[PostEdge]:
        return [PostEdge(cursor=cursor_of(node.key), node=node) for node in self.nodes]


@strawberry.type
class Organisation:
    id: strawberry.ID
    key: strawberry.Private[UUID]
    name: str
    slug: str = ""
    logo_url: str | None = None
    about: str = ""
    website: str | None = None
    location: str | None = None
    follower_count: int = 0
    member_count: int = 0
    post_count: int = 0

    @classmethod
    def of(cls, row: asyncpg.Record) -> Organisation:
        columns = dict(row)
        return cls(key=columns["id"], **columns)

    @strawberry.field
    async def viewer_follows(self, info: Info) -> bool:
        return await loaders(info).viewer_follows.load(self.key) is not None

    @strawberry.field
    async def members(self, info: Info, first: int) -> MembershipConnection:
        rows = await loaders(info).members.load((self.key, first))
        nodes = [
            Membership(
                id=row["id"], role=row["role"], title=row["title"], person_id=row["person_id"]
            )
            for row in rows
        ]
        return MembershipConnection(organisation_id=self.key, nodes=nodes)

    @strawberry.field
    async def posts(self, info: Info, first: int) -> PostConnection:
        rows = await loaders(info).posts.load((self.key, first + 1))
        return PostConnection.of([Post.of(row, self.key) for row in rows], first)


async def organisation_by_id(info: Info, key: UUID) -> Organisation | None:
    """The organisation, in one batch with all others that the request asks for."""
    row = await loaders(info).organisations.load(key)
    return None if row is None else Organisation.of(row)


@strawberry.input
class PeopleFilter:
    skills: list[strawberry.ID]
    minimum_level: int


@strawberry.type
class PersonConnection:
    where: strawberry.Private[tuple[Any, ...]]
    nodes: list[Person]
    page_info: PageInfo

    @strawberry.field
    async def total_count(self, info: Info) -> int:
        count: int = (await loaders(info).run("people_count", *self.where))[0]["count"]
        return count


@strawberry.type
class Query:
    @strawberry.field
    async def feed(self, info: Info, first: int) -> PostConnection:
        rows = await loaders(info).run("feed", loaders(info).viewer, first + 1)
        return PostConnection.of([Post.of(row, row["organisation_id"]) for row in rows], first)

    @strawberry.field
    async def organisation(self, info: Info, slug: str) -> Organisation | None:
        rows = await loaders(info).run("organisation_by_slug", slug, loaders(info).viewer)
        return Organisation.of(rows[0]) if rows else None

    @strawberry.field
    async def organisations(self, info: Info, first: int) -> Nodes[Organisation]:
        rows = await loaders(info).run("organisations_by_name", loaders(info).viewer, first)
        return Nodes(nodes=[Organisation.of(row) for row in rows])

    @strawberry.field
    async def people(
        self,
        info: Info,
        search: str,
        filter: PeopleFilter,  # noqa: A002 - the argument's name in the graph
        first: int,
    ) -> PersonConnection:
        where = (search, filter.skills[0], filter.minimum_level, loaders(info).viewer)
        rows = await loaders(info).run("people", *where, first + 1)
        nodes = [
            Person(
                id=row["id"],
                key=row["id"],
                name=row["name"],
                headline=row["headline"],
                location=row["location"],
            )
            for row in rows[:first]
        ]
        end = cursor_of(nodes[-1].key) if nodes else None
        info_ = PageInfo(has_next_page=len(rows) > first, end_cursor=end)
        return PersonConnection(where=where, nodes=nodes, page_info=info_)
