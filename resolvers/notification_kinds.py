"""How a person is told of each kind of notification, unless they chose otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from db.tables.notifications import NotificationKind


@dataclass(frozen=True)
class Defaults:
    """Whether a kind comes into the inbox, and whether it goes out by e-mail at once.

    What is not mailed at once and still unread goes into the digest.
    """

    in_app: bool = True
    email: bool = False


# By e-mail goes what waits for the person or decides something for them. Of an invitation its own
# mail tells.
DEFAULTS: Mapping[NotificationKind, Defaults] = {
    NotificationKind.POST_PUBLISHED: Defaults(),
    NotificationKind.POST_COMMENTED: Defaults(),
    NotificationKind.POST_REACTED: Defaults(),
    NotificationKind.POST_REPOSTED: Defaults(),
    NotificationKind.COMMENT_REPLIED: Defaults(),
    NotificationKind.MENTIONED: Defaults(email=True),
    NotificationKind.ANSWER_CHOSEN: Defaults(),
    NotificationKind.FOLLOWED: Defaults(),
    NotificationKind.INVITED: Defaults(),
    NotificationKind.JOIN_REQUESTED: Defaults(email=True),
    NotificationKind.JOIN_DECIDED: Defaults(email=True),
    NotificationKind.ROLE_CHANGED: Defaults(email=True),
    NotificationKind.PARTNERSHIP_REQUESTED: Defaults(email=True),
    NotificationKind.PARTNERSHIP_DECIDED: Defaults(email=True),
    NotificationKind.SAVED_SEARCH_FOUND: Defaults(),
    NotificationKind.MARKET_SEARCH_FOUND: Defaults(),
    NotificationKind.MATCHES_FOUND: Defaults(),
    NotificationKind.MATCH_REQUESTED: Defaults(email=True),
    NotificationKind.MATCH_DECIDED: Defaults(email=True),
    NotificationKind.MATCH_MESSAGE: Defaults(email=True),
    NotificationKind.EXCHANGE_CHANGED: Defaults(email=True),
    NotificationKind.EXCHANGE_ASKED: Defaults(email=True),
    NotificationKind.EXCHANGE_REMINDER: Defaults(email=True),
    NotificationKind.SCHEDULED_POST_REFUSED: Defaults(email=True),
    # Mails of their own tell of these, reason included.
    NotificationKind.MODERATED: Defaults(),
    NotificationKind.APPEAL_DECIDED: Defaults(),
}
IN_APP_BY_DEFAULT = [kind.value for kind, how in DEFAULTS.items() if how.in_app]
EMAIL_BY_DEFAULT = [kind.value for kind, how in DEFAULTS.items() if how.email]
