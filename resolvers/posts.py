"""Posts, comments and reactions: who reads them, and what hangs on them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select

from db.tables.organisations import Organisation
from db.tables.people import Person
from db.tables.posts import Audience, Comment, Post, Reaction
from resolvers.organisations import is_follower, is_member, is_partner
from resolvers.rows import Row, Viewer

# What a member reads of the own organisation beside what everybody reads.
AUDIENCES_OF_MEMBERS = (
    Audience.FOLLOWERS.value,
    Audience.PARTNERS.value,
    Audience.ORGANISATION.value,
)


def visible(post: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A post is read by its audience: all, the network, followers, partners, or members.

    One that moderators have hidden is read by whoever wrote it, who may appeal. A post by a person
    who is blocked is not read.
    """
    return and_(
        or_(
            post.audience == Audience.PUBLIC.value,
            and_(post.audience == Audience.NETWORK.value, viewer.is_signed_in),
            and_(
                post.audience == Audience.FOLLOWERS.value,
                is_follower(post.organisation_id, viewer),
            ),
            and_(
                post.audience == Audience.PARTNERS.value, is_partner(post.organisation_id, viewer)
            ),
            and_(post.audience.in_(AUDIENCES_OF_MEMBERS), is_member(post.organisation_id, viewer)),
        ),
        or_(post.hidden_at.is_(None), post.author_id == viewer.id),
        viewer.may_meet(post.author_id),
    )


def comment_visible(comment: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A comment is read by whoever reads its post, but for hidden ones and blocked people."""
    return and_(
        or_(comment.hidden_at.is_(None), comment.author_id == viewer.id),
        viewer.may_meet(comment.author_id),
    )


def posts(filter: Any) -> Any:  # noqa: A002 - the argument's name in the graph
    """Give all posts that pass the filter."""
    statement = select(Post)
    if filter is None:
        return statement
    if filter.organisations is not None:
        statement = statement.where(col(Post.organisation_id) == func.any(filter.organisations))
    if filter.authors is not None:
        statement = statement.where(col(Post.author_id) == func.any(filter.authors))
    if filter.languages is not None:
        statement = statement.where(col(Post.language) == func.any(filter.languages))
    if filter.audiences is not None:
        statement = statement.where(col(Post.audience) == func.any(filter.audiences))
    if filter.since is not None:
        statement = statement.where(col(Post.created_at) >= filter.since)
    if filter.until is not None:
        statement = statement.where(col(Post.created_at) < filter.until)
    return statement


def author(written: Row) -> Any:
    """Give who wrote a post or comment."""
    return select(Person).where(col(Person.id) == written.author_id)


def organisation(post: Row) -> Any:
    """Give the organisation in whose name a post is."""
    return select(Organisation).where(col(Organisation.id) == post.organisation_id)


def excerpt(post: Row, length: Any) -> Any:
    """Give the beginning of the text."""
    return func.left(post.body, length)


def viewer_reaction(post: Row, viewer: Viewer) -> Any:
    """Give how the viewer reacted."""
    return select(Reaction.kind).where(
        col(Reaction.post_id) == post.id, col(Reaction.person_id) == viewer.id
    )


def comments(post: Row, threaded: Any) -> Any:
    """Give the comments on a post; `threaded` keeps answers to comments out."""
    statement = select(Comment).where(col(Comment.post_id) == post.id)
    if threaded:
        statement = statement.where(col(Comment.parent_id).is_(None))
    return statement


def replies(comment: Row) -> Any:
    """Give the answers to a comment."""
    return select(Comment).where(col(Comment.parent_id) == comment.id)


def parent(comment: Row) -> Any:
    """Give the comment that this one answers."""
    return select(Comment).where(col(Comment.id) == comment.parent_id)


def post(of: Row) -> Any:
    """Give the post that a comment or reaction is on."""
    return select(Post).where(col(Post.id) == of.post_id)


def reactions(post: Row, kinds: Any) -> Any:
    """Give the reactions to a post."""
    statement = select(Reaction).where(col(Reaction.post_id) == post.id)
    if kinds is not None:
        statement = statement.where(col(Reaction.kind) == func.any(kinds))
    return statement


def reaction_person(reaction: Row) -> Any:
    """Give who reacted."""
    return select(Person).where(col(Person.id) == reaction.person_id)
