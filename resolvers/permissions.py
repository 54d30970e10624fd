"""One table: what a role in an organisation permits. `docs/permissions.md` is printed from it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from db.tables.people import Role


class Action(StrEnum):
    """What somebody can do in an organisation's name, or to it."""

    EDIT_PROFILE = "EDIT_PROFILE"
    DECLARE_STRENGTHS = "DECLARE_STRENGTHS"
    INVITE = "INVITE"
    MANAGE_MEMBERS = "MANAGE_MEMBERS"
    MANAGE_OWNERS = "MANAGE_OWNERS"
    VERIFY_DOMAIN = "VERIFY_DOMAIN"
    MANAGE_SIGN_ON = "MANAGE_SIGN_ON"
    MANAGE_PARTNERSHIPS = "MANAGE_PARTNERSHIPS"
    PUBLISH = "PUBLISH"
    MANAGE_POSTS = "MANAGE_POSTS"
    BLOCK = "BLOCK"
    READ_AUDIT = "READ_AUDIT"
    READ_INTERNAL = "READ_INTERNAL"


MANAGEMENT = frozenset({Role.OWNER, Role.ADMIN})
EVERYBODY = frozenset(Role)

PERMISSIONS: Mapping[Action, frozenset[Role]] = {
    Action.EDIT_PROFILE: MANAGEMENT,
    Action.DECLARE_STRENGTHS: MANAGEMENT | {Role.TALENT_MANAGER},
    Action.INVITE: MANAGEMENT | {Role.TALENT_MANAGER},
    Action.MANAGE_MEMBERS: MANAGEMENT,
    Action.MANAGE_OWNERS: frozenset({Role.OWNER}),
    Action.VERIFY_DOMAIN: MANAGEMENT,
    Action.MANAGE_SIGN_ON: frozenset({Role.OWNER}),
    Action.MANAGE_PARTNERSHIPS: MANAGEMENT,
    Action.PUBLISH: MANAGEMENT | {Role.TALENT_MANAGER, Role.EDITOR},
    Action.MANAGE_POSTS: MANAGEMENT | {Role.EDITOR},
    Action.BLOCK: MANAGEMENT,
    Action.READ_AUDIT: MANAGEMENT,
    Action.READ_INTERNAL: EVERYBODY,
}

DESCRIPTIONS: Mapping[Action, str] = {
    Action.EDIT_PROFILE: "Edit the profile, logo and banner",
    Action.DECLARE_STRENGTHS: "Declare and withdraw strengths",
    Action.INVITE: "Invite people, and decide on requests to join, up to the role of editor",
    Action.MANAGE_MEMBERS: "Change roles and end memberships, other than of owners",
    Action.MANAGE_OWNERS: "Make and unmake owners",
    Action.VERIFY_DOMAIN: "Claim and verify a domain",
    Action.MANAGE_SIGN_ON: "Set up single sign-on",
    Action.MANAGE_PARTNERSHIPS: "Ask for, accept and end partnerships",
    Action.PUBLISH: "Publish posts in the organisation's name, and edit one's own",
    Action.MANAGE_POSTS: "Edit, pin and delete any post of the organisation",
    Action.BLOCK: "Block people in the organisation's name",
    Action.READ_AUDIT: "Read the audit trail",
    Action.READ_INTERNAL: "Read posts for members only",
}


def permitted(action: Action, role: Role | None) -> bool:
    """Tell whether a role permits an action; nobody without a role may do anything."""
    return role is not None and role in PERMISSIONS[action]


def table() -> str:
    """Give the whole table in Markdown."""
    roles = list(Role)
    head = "| action | " + " | ".join(role.value for role in roles) + " |"
    rule = "| --- |" + " :-: |" * len(roles)
    rows = [
        f"| {DESCRIPTIONS[action]} (`{action.value}`) | "
        + " | ".join("yes" if permitted(action, role) else "" for role in roles)
        + " |"
        for action in Action
    ]
    return "\n".join([head, rule, *rows])
