"""Two mutations as they are commonly written: a session of SQLAlchemy, objects, a commit.

They do what ours do: look whether the viewer may, write the row, keep the counters in the same
transaction, record the event, and give the object with what hangs on it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlmodel import col, select
from strawberry.types import Info

from db.tables import events, organisations, people, posts
from db.tables.people import Locale, Role
from db.tables.posts import Audience, ReactionKind

MAY_PUBLISH = (Role.OWNER, Role.ADMIN, Role.TALENT_MANAGER, Role.EDITOR)


@strawberry.type
class UserError:
    message: str


@strawberry.type
class Person:
    id: strawberry.ID
    name: str


@strawberry.type
class Organisation:
    id: strawberry.ID
    name: str
    post_count: int


@strawberry.type
class Post:
    id: strawberry.ID
    body: str
    created_at: datetime
    reaction_count: int
    author_id: strawberry.Private[UUID]
    organisation_id: strawberry.Private[UUID]

    @strawberry.field
    async def author(self, info: Info) -> Person:
        async with sessions(info)() as session:
            found = await session.get_one(people.Person, self.author_id)
            return Person(id=strawberry.ID(str(found.id)), name=found.name)

    @strawberry.field
    async def organisation(self, info: Info) -> Organisation:
        async with sessions(info)() as session:
            found = await session.get_one(organisations.Organisation, self.organisation_id)
            return Organisation(
                id=strawberry.ID(str(found.id)), name=found.name, post_count=found.post_count
            )

    @strawberry.field
    async def viewer_reaction(self, info: Info) -> str | None:
        async with sessions(info)() as session:
            kind = await session.scalar(
                select(posts.Reaction.kind).where(
                    col(posts.Reaction.post_id) == UUID(self.id),
                    col(posts.Reaction.person_id) == viewer(info),
                )
            )
            return None if kind is None else str(kind)

    @classmethod
    def of(cls, row: posts.Post) -> Post:
        return cls(
            id=strawberry.ID(str(row.id)),
            body=row.body,
            created_at=row.created_at,
            reaction_count=row.reaction_count,
            author_id=row.author_id,
            organisation_id=row.organisation_id,
        )


@strawberry.type
class PostPayload:
    post: Post | None
    user_errors: list[UserError]


@strawberry.input
class PostPublishInput:
    organisation_id: strawberry.ID
    body: str
    language: str
    audience: str


@strawberry.input
class PostReactInput:
    post_id: strawberry.ID
    kind: str


@strawberry.type
class Query:
    viewer: strawberry.ID | None = None


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def post_publish(self, info: Info, input: PostPublishInput) -> PostPayload:  # noqa: A002 - the contract's name
        organisation_id = UUID(input.organisation_id)
        async with sessions(info)() as session, session.begin():
            role = await session.scalar(
                select(people.Membership.role).where(
                    col(people.Membership.person_id) == viewer(info),
                    col(people.Membership.organisation_id) == organisation_id,
                    col(people.Membership.ended_on).is_(None),
                )
            )
            if role not in MAY_PUBLISH:
                return PostPayload(post=None, user_errors=[UserError(message="Not allowed.")])
            post = posts.Post(
                organisation_id=organisation_id,
                author_id=viewer(info),
                body=input.body,
                language=Locale(input.language),
                audience=Audience(input.audience),
            )
            session.add(post)
            await session.flush()
            await session.execute(
                update(organisations.Organisation)
                .where(col(organisations.Organisation.id) == organisation_id)
                .values(post_count=organisations.Organisation.post_count + 1, last_post_id=post.id)
            )
            await session.execute(
                update(people.Person)
                .where(col(people.Person.id) == viewer(info))
                .values(last_post_id=post.id)
            )
            session.add(_event("POST_PUBLISHED", viewer(info), organisation_id, post.id))
            await session.flush()
            await session.refresh(post)
        return PostPayload(post=Post.of(post), user_errors=[])

    @strawberry.mutation
    async def post_react(self, info: Info, input: PostReactInput) -> PostPayload:  # noqa: A002 - the contract's name
        post_id = UUID(input.post_id)
        async with sessions(info)() as session, session.begin():
            # Locked, so that the counter is right when two react at once.
            post = await session.get(posts.Post, post_id, with_for_update=True)
            if post is None or not await _may_read(session, post, viewer(info)):
                return PostPayload(post=None, user_errors=[UserError(message="Not found.")])
            reaction = await session.scalar(
                select(posts.Reaction).where(
                    col(posts.Reaction.post_id) == post_id,
                    col(posts.Reaction.person_id) == viewer(info),
                )
            )
            if reaction is None:
                session.add(
                    posts.Reaction(
                        post_id=post_id, person_id=viewer(info), kind=ReactionKind(input.kind)
                    )
                )
                post.reaction_count += 1
            else:
                reaction.kind = ReactionKind(input.kind)
            session.add(_event("POST_REACTED", viewer(info), post.organisation_id, post_id))
        return PostPayload(post=Post.of(post), user_errors=[])


def sessions(info: Info) -> async_sessionmaker[AsyncSession]:
    """What opens a session."""
    found: async_sessionmaker[AsyncSession] = info.context["sessions"]
    return found


def viewer(info: Info) -> UUID:
    """Who asks, as the header says."""
    return UUID(info.context["viewer"])


async def _may_read(session: AsyncSession, post: posts.Post, person_id: UUID) -> bool:
    if post.audience in {Audience.PUBLIC, Audience.NETWORK}:
        return True
    found = await session.scalar(
        select(people.Membership.id).where(
            col(people.Membership.person_id) == person_id,
            col(people.Membership.organisation_id) == post.organisation_id,
            col(people.Membership.ended_on).is_(None),
        )
    )
    return found is not None


def _event(kind: str, actor_id: UUID, organisation_id: UUID, subject_id: UUID) -> events.Event:
    return events.Event(
        kind=kind, actor_id=actor_id, organisation_id=organisation_id, subject_id=subject_id, ids={}
    )
