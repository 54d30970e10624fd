"""Posts, comments and reactions: who reads them, and what hangs on them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlmodel import col, select

from db.tables.organisations import Organisation
from db.tables.people import Membership, Person
from db.tables.posts import (
    Audience,
    Bookmark,
    Comment,
    Media,
    Mention,
    Post,
    PostDraft,
    PostKind,
    PostRevision,
    PostSkill,
    Reaction,
)
from db.tables.skills import Skill
from resolvers.markdown import html_of
from resolvers.moderation import comment_concerns, post_concerns
from resolvers.organisations import is_follower, is_member, is_partner
from resolvers.permissions import Action, permitting
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
    who is blocked is not read. Moderators read what is reported or hidden, whatever its audience.
    """
    readable = and_(
        intended(post.audience, post.organisation_id, viewer),
        or_(post.hidden_at.is_(None), post.author_id == viewer.id),
        viewer.may_meet(post.author_id),
    )
    return or_(readable, post_concerns(post, viewer))


def intended(
    audience: ColumnElement[Any], organisation_id: ColumnElement[Any], viewer: Viewer
) -> ColumnElement[bool]:
    """Tell whether a viewer belongs to the audience of an organisation's post."""
    return or_(
        audience == Audience.PUBLIC.value,
        and_(audience == Audience.NETWORK.value, viewer.is_signed_in),
        and_(audience == Audience.FOLLOWERS.value, is_follower(organisation_id, viewer)),
        and_(audience == Audience.PARTNERS.value, is_partner(organisation_id, viewer)),
        and_(audience.in_(AUDIENCES_OF_MEMBERS), is_member(organisation_id, viewer)),
    )


def comment_visible(comment: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A comment is read by whoever reads its post, but for hidden ones and blocked people.

    Moderators read those too that are reported or hidden.
    """
    return or_(
        and_(
            or_(comment.hidden_at.is_(None), comment.author_id == viewer.id),
            viewer.may_meet(comment.author_id),
        ),
        comment_concerns(comment, viewer),
    )


def draft_visible(draft: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A draft is read by those who may publish in the organisation's name."""
    return (
        select(Membership.id)
        .where(
            col(Membership.person_id) == viewer.id,
            col(Membership.organisation_id) == draft.organisation_id,
            col(Membership.ended_on).is_(None),
            col(Membership.role).in_(permitting(Action.PUBLISH)),
        )
        .exists()
    )


def mention_visible(mention: Row, viewer: Viewer) -> ColumnElement[bool]:
    """A mention is seen by whoever reads the post, and the comment if it is in one."""
    comment: Any = Comment
    seen = select(Comment.id).where(
        col(Comment.id) == mention.comment_id, comment_visible(comment, viewer)
    )
    return or_(mention.comment_id.is_(None), seen.exists())


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
    if filter.kinds is not None:
        statement = statement.where(col(Post.kind) == func.any(filter.kinds))
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


def body_html(written: Row) -> ColumnElement[str]:
    """Give the text of a post or comment as safe HTML."""
    return html_of(written.body_html, written.body)


def skills(post: Row) -> Any:
    """Give what a post is about."""
    return (
        select(Skill)
        .join(PostSkill, col(PostSkill.skill_id) == col(Skill.id))
        .where(col(PostSkill.post_id) == post.id)
        .order_by(col(Skill.label_en), col(Skill.id))
    )


def mentions(post: Row) -> Any:
    """Give whom a post names."""
    return (
        select(Mention)
        .where(col(Mention.post_id) == post.id, col(Mention.comment_id).is_(None))
        .order_by(col(Mention.id))
    )


def repost_of(post: Row) -> Any:
    """Give the post that a repost shows."""
    return select(Post).where(col(Post.id) == post.repost_of_id)


def reposts(post: Row) -> Any:
    """Give the reposts of a post."""
    return select(Post).where(
        col(Post.repost_of_id) == post.id, col(Post.kind) == PostKind.REPOST.value
    )


def best_answer(post: Row) -> Any:
    """Give the comment that answers a question best."""
    return select(Comment).where(col(Comment.id) == post.best_answer_id)


def revisions(post: Row) -> Any:
    """Give what a post said before its edits."""
    return select(PostRevision).where(col(PostRevision.post_id) == post.id)


def reaction_count_of(post: Row, kind: Any) -> Any:
    """Count the reactions of one kind."""
    return select(func.count()).where(col(Reaction.post_id) == post.id, col(Reaction.kind) == kind)


def viewer_has_bookmarked(post: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer keeps it for later."""
    return (
        select(Bookmark.id)
        .where(col(Bookmark.post_id) == post.id, col(Bookmark.person_id) == viewer.id)
        .exists()
    )


def viewer_can_edit(post: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer may edit and delete it: their role manages posts, or it is theirs."""
    return (
        select(Membership.id)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(
            col(Membership.person_id) == viewer.id,
            col(Membership.organisation_id) == post.organisation_id,
            col(Membership.ended_on).is_(None),
            col(Organisation.suspended_at).is_(None),
            or_(
                col(Membership.role).in_(permitting(Action.MANAGE_POSTS)),
                and_(
                    post.author_id == viewer.id,
                    col(Membership.role).in_(permitting(Action.PUBLISH)),
                ),
            ),
        )
        .exists()
    )


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


def comment_author(comment: Row) -> Any:
    """Give who wrote a comment; nobody when it was taken back."""
    return select(Person).where(col(Person.id) == comment.author_id, comment.deleted_at.is_(None))


def is_deleted(comment: Row) -> ColumnElement[bool]:
    """Tell whether a comment was taken back."""
    return func.coalesce(comment.deleted_at.is_not(None), false())


def comment_mentions(comment: Row) -> Any:
    """Give whom a comment names."""
    return select(Mention).where(col(Mention.comment_id) == comment.id).order_by(col(Mention.id))


def viewer_can_edit_comment(comment: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer wrote it and did not take it back."""
    return func.coalesce(
        and_(comment.author_id == viewer.id, comment.deleted_at.is_(None)), false()
    )


def viewer_can_delete_comment(comment: Row, viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether the viewer wrote it, or manages the post that it is on; not once it is deleted."""
    manages = (
        select(Membership.id)
        .join(Post, col(Post.organisation_id) == col(Membership.organisation_id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(
            col(Post.id) == comment.post_id,
            col(Membership.person_id) == viewer.id,
            col(Membership.ended_on).is_(None),
            col(Membership.role).in_(permitting(Action.MANAGE_POSTS)),
            col(Organisation.suspended_at).is_(None),
        )
    )
    return func.coalesce(
        and_(
            comment.deleted_at.is_(None),
            or_(comment.author_id == viewer.id, manages.exists()),
        ),
        false(),
    )


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


def mentioned_person(mention: Row) -> Any:
    """Give the person who is named."""
    return select(Person).where(col(Person.id) == mention.person_id)


def mentioned_organisation(mention: Row) -> Any:
    """Give the organisation that is named."""
    return select(Organisation).where(col(Organisation.id) == mention.organisation_id)


def editor(revision: Row) -> Any:
    """Give who made the edit."""
    return select(Person).where(col(Person.id) == revision.edited_by_id)


def draft_skills(draft: Row) -> Any:
    """Give what a draft is about."""
    return (
        select(Skill)
        .where(col(Skill.id) == func.any(draft.skill_ids))
        .order_by(col(Skill.label_en), col(Skill.id))
    )


def draft_media(draft: Row) -> Any:
    """Give the uploads that a draft will carry, in their order."""
    return (
        select(Media)
        .where(col(Media.id) == func.any(draft.media_ids))
        .order_by(func.array_position(draft.media_ids, col(Media.id)))
    )


def pinned(organisation: Row) -> Any:
    """Give the posts at the top of an organisation's page."""
    return (
        select(Post)
        .where(col(Post.organisation_id) == organisation.id, col(Post.pinned_at).is_not(None))
        .order_by(col(Post.pinned_at).desc(), col(Post.id).desc())
    )


def drafts(organisation: Row) -> Any:
    """Give the posts that are not published yet."""
    return select(PostDraft).where(col(PostDraft.organisation_id) == organisation.id)


def bookmarks(person: Row, viewer: Viewer) -> Any:
    """Give the posts that a person keeps, with the bookmark's key to order by; to themselves."""
    return (
        select(Post, col(Bookmark.id).label("bookmark_id"))
        .join(Bookmark, col(Bookmark.post_id) == col(Post.id))
        .where(col(Bookmark.person_id) == person.id, col(Bookmark.person_id) == viewer.id)
    )
