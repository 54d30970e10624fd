"""One table: what a role in an organisation permits. `docs/permissions.md` is printed from it.

python -m web permissions --write
"""

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
    MANAGE_LISTINGS = "MANAGE_LISTINGS"
    MANAGE_EXCHANGES = "MANAGE_EXCHANGES"
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
    Action.MANAGE_LISTINGS: MANAGEMENT | {Role.TALENT_MANAGER},
    Action.MANAGE_EXCHANGES: MANAGEMENT | {Role.TALENT_MANAGER},
    Action.MANAGE_POSTS: MANAGEMENT | {Role.EDITOR},
    Action.BLOCK: MANAGEMENT,
    Action.READ_AUDIT: MANAGEMENT,
    Action.READ_INTERNAL: EVERYBODY,
}

DESCRIPTIONS: Mapping[Action, str] = {
    Action.EDIT_PROFILE: "Edit the profile, logo and banner",
    Action.DECLARE_STRENGTHS: "Declare and withdraw strengths",
    Action.INVITE: "Invite people, and decide on requests to join",
    Action.MANAGE_MEMBERS: "Change roles and end memberships, other than of owners",
    Action.MANAGE_OWNERS: "Make and unmake owners",
    Action.VERIFY_DOMAIN: "Claim and verify a domain",
    Action.MANAGE_SIGN_ON: "Set up single sign-on",
    Action.MANAGE_PARTNERSHIPS: "Ask for, accept and end partnerships",
    Action.PUBLISH: "Publish posts in the organisation's name, and edit one's own",
    Action.MANAGE_LISTINGS: "Write, open and end offers and requests; ask for matches and answer",
    Action.MANAGE_EXCHANGES: "Agree, sign and end exchanges; confirm hours and what came back",
    Action.MANAGE_POSTS: "Edit, pin and delete any post of the organisation",
    Action.BLOCK: "Block people in the organisation's name",
    Action.READ_AUDIT: "Read the audit trail",
    Action.READ_INTERNAL: "Read posts for members only",
}

# Which roles somebody may give to others: never one above their own.
GRANTS: Mapping[Role, frozenset[Role]] = {
    Role.OWNER: EVERYBODY,
    Role.ADMIN: EVERYBODY - {Role.OWNER},
    Role.TALENT_MANAGER: frozenset({Role.EDITOR, Role.MEMBER}),
    Role.EDITOR: frozenset(),
    Role.MEMBER: frozenset(),
}


def permitted(action: Action, role: Role | None) -> bool:
    """Tell whether a role permits an action; nobody without a role may do anything."""
    return role is not None and role in PERMISSIONS[action]


def permitting(action: Action) -> list[Role]:
    """Give the roles that permit an action, always in the same order: SQL is kept by its text."""
    return sorted(PERMISSIONS[action])


def may_grant(giver: Role | None, role: Role) -> bool:
    """Tell whether somebody with the role `giver` may give `role` to another, or take it away."""
    return giver is not None and role in GRANTS[giver]


def actions_of(role: Role) -> list[Action]:
    """Give what a role permits, in the order of the table."""
    return [action for action in Action if permitted(action, role)]


def table() -> str:
    """Give the whole table in Markdown."""
    rows = {
        f"{DESCRIPTIONS[action]} (`{action.value}`)": [permitted(action, role) for role in Role]
        for action in Action
    }
    return _table("action", rows)


def grants_table() -> str:
    """Give in Markdown which role may give which."""
    rows = {
        f"Give the role `{given.value}`": [may_grant(giver, given) for giver in Role]
        for given in Role
    }
    return _table("to a person", rows)


def _table(title: str, rows: Mapping[str, list[bool]]) -> str:
    head = f"| {title} | " + " | ".join(role.value for role in Role) + " |"
    rule = "| --- |" + " :-: |" * len(Role)
    body = [
        f"| {name} | " + " | ".join("yes" if may else "" for may in cells) + " |"
        for name, cells in rows.items()
    ]
    return "\n".join([head, rule, *body])


DOCUMENT = """# What a role permits

Printed from `resolvers/permissions.py` by `python -m web permissions --write`; a test fails when it is out of date.
Whoever is no member may do nothing of this. A suspended person, or a member of a suspended organisation, may do nothing of it either.

## In an organisation's name, or to it

{table}

## Roles

Roles are given by invitation, on a request to join, and by a change of role (`MANAGE_MEMBERS`). Nobody gives a role above
their own, or takes away one that they may not give. An organisation is never without an owner: the last one cannot
leave, step down or be removed before handing over.

{grants}
"""


def document() -> str:
    """Give the page of the documentation."""
    return DOCUMENT.format(table=table(), grants=grants_table())
