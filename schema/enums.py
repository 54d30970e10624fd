"""The enums of the graph. Their values are stored as they are named, so SQL returns them as text."""

from __future__ import annotations

from enum import StrEnum

import strawberry

from db.tables.accounts import SignInMethod, TokenScope
from db.tables.moderation import (
    AppealStatus,
    ModerationKind,
    ReportReason,
    ReportStatus,
    SubjectType,
)
from db.tables.notifications import NotificationKind
from db.tables.organisations import (
    DomainProof,
    JoinOutcome,
    OrganisationKind,
    PartnershipStatus,
    Sector,
    SizeBand,
)
from db.tables.people import Digest, Locale, ProfileVisibility, Role
from db.tables.posts import Audience, MediaPurpose, PostKind, ReactionKind
from db.tables.skills import SkillKind
from resolvers import permissions
from resolvers.auditing import AuditAction
from resolvers.changes import ChangeKind
from resolvers.commands.sessions import SecondFactor
from resolvers.feed_reasons import FeedReasonKind
from resolvers.finding import FoundKind, MatchedBy
from resolvers.joining import InvitationStatus
from resolvers.permissions import Action
from resolvers.wording import say
from schema import exchange_enums, market_enums

DESCRIPTIONS: dict[type[StrEnum], tuple[str, dict[str, str]]] = {
    ChangeKind: (
        "What became of an object that is listened to.",
        {
            "CREATED": "It is new.",
            "UPDATED": "It is there, and something about it changed.",
            "DELETED": "It is gone.",
            "HIDDEN": "The viewer may no longer see it.",
            "RESYNC": "Too much was missed to tell it all: read the state anew, then go on from here.",
        },
    ),
    OrganisationKind: (
        "What an organisation is in law and purpose.",
        {
            "COMPANY": "A business.",
            "GOVERNMENT": "A public authority or agency.",
            "EDUCATION": "A school, university or research institute.",
            "HEALTHCARE": "A hospital or other provider of care.",
            "NON_PROFIT": "A foundation, association or charity.",
            "COOPERATIVE": "Owned by its members.",
        },
    ),
    Sector: (
        "The field an organisation works in.",
        {
            "PUBLIC_ADMINISTRATION": "Public administration.",
            "SAFETY_JUSTICE": "Police, fire service, justice, defence.",
            "HEALTH_CARE": "Health care.",
            "EDUCATION_RESEARCH": "Education and research.",
            "ENERGY_UTILITIES": "Energy, water and waste.",
            "INFRASTRUCTURE_MOBILITY": "Building, infrastructure and mobility.",
            "FINANCE_INSURANCE": "Finance and insurance.",
            "TECHNOLOGY": "Software and technology.",
            "INDUSTRY": "Manufacturing.",
            "AGRICULTURE_FOOD": "Agriculture and food.",
            "CULTURE_MEDIA": "Culture, sport and media.",
            "PROFESSIONAL_SERVICES": "Advice, law, accountancy, research for others.",
            "TRADE_HOSPITALITY": "Trade and hospitality.",
            "SOCIAL_SERVICES": "Welfare and social work.",
        },
    ),
    SizeBand: (
        "Number of people who work there.",
        {
            "MICRO": "Fewer than 10.",
            "SMALL": "10 to 49.",
            "MEDIUM": "50 to 249.",
            "LARGE": "250 to 999.",
            "ENTERPRISE": "1,000 or more.",
        },
    ),
    Locale: ("A language of the network.", {"NL": "Dutch.", "EN": "English."}),
    ProfileVisibility: (
        "Who may see a person's profile.",
        {
            "PUBLIC": "Everyone, signed in or not.",
            "NETWORK": "Everyone who is signed in.",
            "COLLEAGUES": "Current members of an organisation that the person works in now.",
        },
    ),
    Digest: (
        "How often a person gets a summary by e-mail.",
        {"NONE": "Never.", "DAILY": "Every day.", "WEEKLY": "Every week."},
    ),
    NotificationKind: (
        "What a notification is about.",
        {
            "POST_PUBLISHED": "A post of an organisation, a person or about a skill that one follows "
            "with `notify`.",
            "POST_COMMENTED": "Comments on one's post.",
            "POST_REACTED": "Reactions to one's post.",
            "POST_REPOSTED": "One's post was shared.",
            "COMMENT_REPLIED": "Answers to one's comment.",
            "MENTIONED": "A post or comment names one, or an organisation that one manages.",
            "ANSWER_CHOSEN": "One's answer to a question was chosen as the best.",
            "FOLLOWED": "New followers.",
            "INVITED": "An organisation invites one to join.",
            "JOIN_REQUESTED": "Somebody asks to join an organisation where one decides on that.",
            "JOIN_DECIDED": "An organisation decided on one's request to join.",
            "ROLE_CHANGED": "One's role in an organisation changed or ended.",
            "PARTNERSHIP_REQUESTED": "An organisation asks one's own to become partners.",
            "PARTNERSHIP_DECIDED": "A partnership was accepted, declined or ended.",
            "SAVED_SEARCH_FOUND": "Something new for a saved search.",
            "MARKET_SEARCH_FOUND": "A listing, new or changed, for a search of the market.",
            "MATCHES_FOUND": "New matches for a listing that one manages.",
            "MATCH_REQUESTED": "An organisation asks one's own to match.",
            "MATCH_DECIDED": "A match request was accepted, declined, taken back, or has expired.",
            "MATCH_MESSAGE": "The other side wrote about a match request.",
            "EXCHANGE_CHANGED": "Something was done in an exchange that one manages or goes in.",
            "EXCHANGE_ASKED": "An exchange waits for one: to consent, to confirm hours or a receipt.",
            "EXCHANGE_REMINDER": "An exchange is still not signed, ends soon, or has no receipt.",
            "SCHEDULED_POST_REFUSED": "A scheduled post could not be published.",
            "MODERATED": "Moderators did something about one, or about what one wrote.",
            "APPEAL_DECIDED": "Moderators decided on one's appeal.",
        },
    ),
    SignInMethod: (
        "How a session came about.",
        {
            "PASSWORD": "By e-mail address and password.",
            "PASSKEY": "By a passkey.",
            "SINGLE_SIGN_ON": "By the organisation's own sign-in.",
            "EMAIL": "By a link in an e-mail.",
        },
    ),
    TokenScope: (
        "What a program may do with a person's token.",
        {"READ": "See what the person sees.", "WRITE": "Also do what the person may do."},
    ),
    SecondFactor: (
        "What may be asked for after the first step of signing in.",
        {
            "TOTP": "The code that an authenticator shows now.",
            "RECOVERY_CODE": "One of the codes that were kept for when the other is lost.",
        },
    ),
    Role: (
        "What a member may do in an organisation, most first.",
        {
            "OWNER": "Everything, handing over the organisation included.",
            "ADMIN": "Manages members and settings.",
            "TALENT_MANAGER": "Manages offers, requests and exchanges.",
            "EDITOR": "Publishes in the organisation's name.",
            "MEMBER": "Belongs to it.",
        },
    ),
    MediaPurpose: (
        "What an upload is for.",
        {
            "LOGO": "An organisation's logo: fitted into a square of 512 pixels.",
            "BANNER": "An organisation's banner: cropped to 1,600 by 400 pixels.",
            "AVATAR": "A person's portrait: cropped to a square of 512 pixels.",
            "IMAGE": "A picture on a post: at most 2,048 pixels on its longest side.",
            "FILE": "A file on a post.",
        },
    ),
    InvitationStatus: (
        "Where an invitation stands.",
        {
            "PENDING": "It waits for an answer.",
            "ACCEPTED": "Whoever was invited became a member.",
            "DECLINED": "Whoever was invited said no.",
            "REVOKED": "It was taken back.",
            "EXPIRED": "It was not answered in time.",
        },
    ),
    JoinOutcome: (
        "Where a request to join stands.",
        {
            "PENDING": "It waits for a decision.",
            "ACCEPTED": "Whoever asked became a member.",
            "DECLINED": "They said no.",
            "WITHDRAWN": "Whoever asked took it back.",
        },
    ),
    PartnershipStatus: (
        "Where a partnership stands.",
        {
            "REQUESTED": "One asked; the other has not answered.",
            "ACTIVE": "Both agreed, and it lasts.",
            "DECLINED": "The other said no.",
            "ENDED": "One of them ended it, or took the request back.",
        },
    ),
    DomainProof: (
        "How an organisation proves to own a domain.",
        {
            "DNS": "By a TXT record.",
            "EMAIL": "By a mail to a member's address under it.",
        },
    ),
    Audience: (
        "Who may read a post, widest first.",
        {
            "PUBLIC": "Everyone, signed in or not.",
            "NETWORK": "Everyone who is signed in.",
            "FOLLOWERS": "Followers and members of the organisation.",
            "PARTNERS": "Members of the organisation and of its partners.",
            "ORGANISATION": "Current members of the organisation.",
        },
    ),
    PostKind: (
        "What a post is for.",
        {
            "MESSAGE": "To tell something.",
            "QUESTION": "To ask something; its best answer can be marked.",
            "REPOST": "To share another post, with or without words.",
        },
    ),
    ReactionKind: (
        "What a person says with one click.",
        {
            "LIKE": "I like this.",
            "CELEBRATE": "Well done.",
            "INSIGHTFUL": "I learnt something.",
            "SUPPORT": "I am with you.",
            "CURIOUS": "Tell me more.",
        },
    ),
    SkillKind: (
        "What sort of ability a concept of the taxonomy is.",
        {
            "SKILL": "Being able to do something.",
            "KNOWLEDGE": "Knowing about something.",
            "LANGUAGE": "Using a language.",
            "TRANSVERSAL": "Useful in any field.",
        },
    ),
}

# What a trail says of each is in `resolvers/texts/audit.toml`.
DESCRIPTIONS[AuditAction] = (
    "What is noted in an organisation's audit trail.",
    {
        action.value: say(
            f"audit.{action.value}",
            Locale.EN,
            actor="Somebody",
            subject="somebody or something",
            role="a role",
            old_role="a role",
            fields="what changed",
            domain="a domain",
        )
        for action in AuditAction
    },
)
DESCRIPTIONS |= {
    FoundKind: (
        "What kind of thing a search finds.",
        {
            "ORGANISATION": "An organisation.",
            "PERSON": "A person.",
            "POST": "A post.",
            "LISTING": "An open offer or request.",
            "SKILL": "A skill of the taxonomy.",
        },
    ),
    MatchedBy: (
        "By what something was found, the surest that applies.",
        {
            "NAME": "By its name; a listing by its title.",
            "TEXT": "By the words in its text.",
            "SKILL": "By a skill that the words mean, in either language.",
            "SPELLING": "By a name that is spelled nearly so.",
        },
    ),
}

# What a permission is called is what the documentation's table says.
DESCRIPTIONS[Action] = (
    "What a member may do in an organisation's name, or to it, by role.",
    {action.value: f"{text}." for action, text in permissions.DESCRIPTIONS.items()},
)


DESCRIPTIONS |= {
    SubjectType: (
        "What sort of thing a report or a decision is about.",
        {
            "POST": "A post.",
            "COMMENT": "A comment.",
            "PERSON": "A person.",
            "ORGANISATION": "An organisation.",
        },
    ),
    ReportReason: (
        "The rule that something breaks, in the eyes of whoever reports it or decides about it.",
        {
            "SPAM": "Advertising, repetition, deceit for gain.",
            "HARASSMENT": "It attacks or pesters somebody.",
            "HATE": "It attacks people for what they are.",
            "MISINFORMATION": "It is false and does harm.",
            "CONFIDENTIAL": "It gives away what is confidential, or personal data.",
            "IMPERSONATION": "It pretends to be somebody else.",
            "ILLEGAL": "It is against the law.",
            "OTHER": "Something else; the text says what.",
        },
    ),
    ReportStatus: (
        "Where a report stands.",
        {
            "OPEN": "Nobody has decided yet.",
            "UPHELD": "Something was done about it.",
            "DISMISSED": "Nothing had to be done.",
        },
    ),
    ModerationKind: (
        "What moderators can do.",
        {
            "HIDE": "Hide a post or a comment from all but its author and moderators.",
            "WARN": "Say what was wrong, and leave it at that.",
            "SUSPEND": "Suspend a person, who then only reads, or an organisation.",
            "RESTORE": "Take back that something is hidden or suspended.",
            "DISMISS": "Close the reports: nothing has to be done.",
        },
    ),
    AppealStatus: (
        "Where an appeal stands.",
        {
            "OPEN": "Nobody has decided yet.",
            "GRANTED": "The decision was taken back.",
            "REJECTED": "The decision stands.",
        },
    ),
}
DESCRIPTIONS[FeedReasonKind] = (
    "Why a post is in front of the viewer.",
    {
        "FOLLOWS_ORGANISATION": "The viewer follows its organisation.",
        "FOLLOWS_PERSON": "The viewer follows its author.",
        "FOLLOWS_SKILL": "The viewer follows a skill that it is about.",
        "COLLEAGUE": "The viewer works at its organisation.",
        "PARTNER": "It is for partners, and the viewer works at one.",
        "SHARED_SKILL": "It is about a skill that the viewer has.",
        "RESPONSES": "Different people reacted or commented.",
    },
)


class OrganisationOrder(StrEnum):
    """How a list of organisations is ordered."""

    NAME = "NAME"
    FOLLOWERS = "FOLLOWERS"
    NEWEST = "NEWEST"


class PersonOrder(StrEnum):
    """How a list of people is ordered."""

    NAME = "NAME"
    NEWEST = "NEWEST"


class SkillOrder(StrEnum):
    """How a list of skills is ordered."""

    LABEL_EN = "LABEL_EN"
    LABEL_NL = "LABEL_NL"
    PEOPLE = "PEOPLE"


DESCRIPTIONS |= {
    OrganisationOrder: (
        "How a list of organisations is ordered.",
        {
            "NAME": "By name.",
            "FOLLOWERS": "Most followers first.",
            "NEWEST": "Newest on the network first.",
        },
    ),
    PersonOrder: (
        "How a list of people is ordered.",
        {"NAME": "By name.", "NEWEST": "Newest on the network first."},
    ),
    SkillOrder: (
        "How a list of skills is ordered.",
        {
            "LABEL_EN": "By English label.",
            "LABEL_NL": "By Dutch label.",
            "PEOPLE": "Held by most people first.",
        },
    ),
}


DESCRIPTIONS |= market_enums.DESCRIPTIONS
DESCRIPTIONS |= exchange_enums.DESCRIPTIONS

# In the graph, where the name of a class says too little.
NAMES: dict[type[StrEnum], str] = {Action: "OrganisationPermission", **exchange_enums.NAMES}

for _enum, (_description, _values) in DESCRIPTIONS.items():
    strawberry.enum(_enum, name=NAMES.get(_enum), description=_description)
    for _value in _enum.__strawberry_definition__.values:  # type: ignore[attr-defined]
        _value.description = _values[_value.name]
