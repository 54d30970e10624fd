"""The texts of the market's enums; `schema.enums` registers them with the others."""

from __future__ import annotations

from enum import StrEnum

from db.tables.listings import (
    ListingAction,
    ListingAudience,
    ListingCloseReason,
    ListingForm,
    ListingKind,
    ListingStatus,
    ListingTerms,
    SkillImportance,
    SpokenLanguage,
)
from db.tables.match_requests import DeclineReason, MatchRequestStatus
from db.tables.matches import DismissalReason, MatchFactor, MatchObstacle
from resolvers.market import MarketOrder

DESCRIPTIONS: dict[type[StrEnum], tuple[str, dict[str, str]]] = {
    MarketOrder: (
        "In which order the market is listed.",
        {
            "FIT": "By the skills that are asked for, then by the text, then the newest first.",
            "NEWEST": "The newest first.",
            "ENDING_SOON": "Those that are open for the shortest time first.",
        },
    ),
    ListingKind: (
        "Which side of the market a listing is on.",
        {
            "OFFER": "An organisation can share something.",
            "REQUEST": "An organisation needs something.",
        },
    ),
    ListingForm: (
        "In what form something is shared: a ladder, the cheapest rung first.",
        {
            "DOCUMENT": "Something written down: a guide, a template, a plan.",
            "ANSWER": "An answer to a question.",
            "CONSULT": "A conversation of an hour or so.",
            "CLINIC": "A half day in which several bring their cases.",
            "SHADOWING": "Looking over somebody's shoulder.",
            "MENTORING": "Regular conversations over some months.",
            "MASTERCLASS": "A lesson for a group.",
            "PROJECT": "A piece of work beside the own job, about a tenth of the time.",
            "PART_TIME": "Some days a week.",
            "SECONDMENT": "All of somebody's time, for a while.",
            "TEAM": "Several people together.",
        },
    ),
    ListingStatus: (
        "Where a listing is in its life.",
        {
            "DRAFT": "Being written; seen by those who manage listings of the organisation.",
            "OPEN": "Seen by its audience, matched and found.",
            "PAUSED": "Out of sight for a while; seen by members of the organisation.",
            "FILLED": "It has found its place.",
            "CLOSED": "Ended without being filled here; `closeReason` says why.",
            "EXPIRED": "Its time ran out.",
        },
    ),
    ListingAudience: (
        "Who may see a listing, widest first.",
        {
            "PUBLIC": "Everybody, signed in or not.",
            "NETWORK": "Everybody who is signed in.",
            "PARTNERS": "Members of the organisation and of its partners.",
            "ORGANISATION": "Members of the organisation.",
        },
    ),
    ListingTerms: (
        "What is asked or given in return.",
        {
            "FREE": "Nothing.",
            "RECIPROCAL": "Something alike, at some time.",
            "COST_RECOVERY": "What it costs, no more.",
            "RATE": "A price an hour.",
        },
    ),
    ListingCloseReason: (
        "Why a listing was ended without being filled here.",
        {
            "FOUND_ELSEWHERE": "It was found, or given, elsewhere.",
            "NO_LONGER_NEEDED": "It is no longer needed.",
            "NO_CAPACITY": "There is no longer anybody to spare.",
            "NO_RESPONSE": "Nobody came.",
            "OTHER": "For another reason.",
        },
    ),
    ListingAction: (
        "What was done with a listing.",
        {
            "CREATED": "Written, as a draft.",
            "OPENED": "Opened to its audience.",
            "EDITED": "Changed; `changed` says what.",
            "PAUSED": "Taken out of sight for a while.",
            "FILLED": "Said to have found its place.",
            "CLOSED": "Ended without being filled here.",
            "EXPIRED": "Its time ran out.",
            "RENEWED": "Opened for another while.",
        },
    ),
    SkillImportance: (
        "How much a skill matters to a listing.",
        {"MUST": "It does not do without.", "NICE": "It would be better with it."},
    ),
    MatchFactor: (
        "What the score of a match is made of.",
        {
            "NEED": "How much of what is asked for is met.",
            "EASE": "How much stays at the organisation that lends.",
            "GAIN": "How much whoever lends can learn.",
        },
    ),
    MatchObstacle: (
        "What stands between an offer and a request, or makes them fit less well.",
        {
            "PERIOD": "Their periods miss each other, with all the days that they may move.",
            "HOURS": "Fewer hours a week are offered than are asked for.",
            "PLACE": "They are too far apart.",
            "LANGUAGE": "They have no language in common.",
            "TERMS": "More is asked in return than the request would give.",
            "SKILL": "A skill that must be there is not.",
            "LEVEL": "A skill that must be there is offered at a lower level.",
        },
    ),
    DismissalReason: (
        "Why a match is not wanted.",
        {
            "NOT_THE_SKILL": "It is not the skill.",
            "NOT_THE_FORM": "It is not the form.",
            "NOT_NOW": "It is not the time.",
            "NOT_THIS_ORGANISATION": "Not with this organisation.",
            "OTHER": "For another reason.",
        },
    ),
    MatchRequestStatus: (
        "Where a match request stands.",
        {
            "PROPOSED": "Asked, and not answered yet.",
            "ACCEPTED": "Agreed to.",
            "DECLINED": "Turned down; `declineReason` says why.",
            "WITHDRAWN": "Taken back.",
            "EXPIRED": "Nobody answered in time.",
        },
    ),
    DeclineReason: (
        "Why an organisation says no.",
        {
            "CAPACITY": "There is nobody to spare.",
            "TIMING": "Not in that period.",
            "CONFIDENTIAL": "It cannot be shared.",
            "SINGLE_POINT": "One person alone can do it, and cannot be missed.",
            "FIT": "It does not fit.",
        },
    ),
    SpokenLanguage: (
        "A language that people work in, by its ISO 639-1 code.",
        {
            "NL": "Dutch.",
            "EN": "English.",
            "AR": "Arabic.",
            "DE": "German.",
            "ES": "Spanish.",
            "FR": "French.",
            "FY": "West Frisian.",
            "IT": "Italian.",
            "PL": "Polish.",
            "PT": "Portuguese.",
            "TR": "Turkish.",
            "UK": "Ukrainian.",
            "ZH": "Chinese.",
        },
    ),
}
