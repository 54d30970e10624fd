"""The texts of the enums of exchanges; `schema.enums` registers them with the others."""

from __future__ import annotations

from enum import StrEnum

from db.tables.exchanges import (
    AgreementField,
    ExchangeEndReason,
    ExchangeSide,
    ExchangeStatus,
    ExchangeStep,
    ReentryItem,
)
from resolvers import exchange_moves
from resolvers.exchange_moves import Move
from resolvers.exchanges import ExchangeConsent

DESCRIPTIONS: dict[type[StrEnum], tuple[str, dict[str, str]]] = {
    ExchangeStatus: (
        "Where an exchange stands.",
        {
            "DRAFT": "The agreement is being written by both sides.",
            "OFFERED": "The newest version waits for signatures.",
            "AGREED": "All have signed; its first day has not come.",
            "ACTIVE": "It goes on.",
            "RECALLED": "The lender called back who went; it goes on until the last day.",
            "COMPLETED": "It is over: who went is back.",
            "CANCELLED": "Called off before it began; `endReason` says why.",
        },
    ),
    ExchangeSide: (
        "Who somebody is in an exchange.",
        {
            "LENDER": "Who manages exchanges at the organisation that lends.",
            "BORROWER": "Who manages exchanges at the organisation that borrows.",
            "EMPLOYEE": "Who goes.",
        },
    ),
    ExchangeEndReason: (
        "Why an exchange was called off, or ended before its last day.",
        {
            "NOT_AGREED": "They could not agree.",
            "PLANS_CHANGED": "What it was for has changed.",
            "NO_CAPACITY": "Nobody can be spared any more.",
            "CONSENT_REVOKED": "Whoever went no longer agreed to going.",
            "RECALLED": "The lender called back who went.",
            "RETURNED_EARLY": "The borrower let them go back earlier.",
            "OTHER": "For another reason.",
        },
    ),
    ExchangeStep: (
        "What was done in an exchange.",
        {
            "BEGUN": "Begun, by accepting a match request.",
            "AMENDED": "A new version of the agreement was written.",
            "OFFERED": "The newest version was offered to be signed.",
            "CONSENTED": "Somebody agreed to going.",
            "CONSENT_REVOKED": "Somebody took back that they agree to going, or refused.",
            "SIGNED": "Somebody signed.",
            "AGREED": "All had signed.",
            "STARTED": "It began.",
            "RECALL_ASKED": "The lender asked to end it on shorter notice than agreed.",
            "RECALL_REFUSED": "The borrower refused that.",
            "RECALLED": "The lender called back who goes.",
            "COMPLETED": "It was over.",
            "CANCELLED": "It was called off.",
            "HOURS_LOGGED": "Hours were logged.",
            "HOURS_CONFIRMED": "Hours were confirmed by the other side.",
            "HOURS_REMOVED": "Hours that nobody had confirmed were removed.",
            "REENTRY_TICKED": "A point of coming back was seen to, or no longer.",
            "RECEIPT_RECORDED": "One side recorded what came of it.",
            "RECEIPT_CONFIRMED": "The other side confirmed that.",
            "EVIDENCE_DECIDED": "Somebody took a raised skill into their profile, or declined to.",
            "ENDORSED": "One side endorsed the other, or took that back.",
            "REMINDED_TO_SIGN": "Those who had not signed within a week were reminded.",
            "REMINDED_OF_END": "All were told that it ends within two weeks.",
            "REMINDED_OF_RECEIPT": "Both sides were reminded to say what came of it.",
        },
    ),
    AgreementField: (
        "A part of an agreement.",
        {
            "FORM": "In what form something is shared.",
            "SKILLS": "The skills that are lent.",
            "PERSONS": "Who goes.",
            "HOURS_PER_WEEK": "Hours a week of one person.",
            "HOURS_TOTAL": "Hours in all.",
            "STARTS_ON": "Its first day.",
            "ENDS_ON": "Its last day.",
            "PLACE": "Where it is.",
            "IS_REMOTE": "Whether it can be done from anywhere.",
            "TERMS": "What is given in return.",
            "RATE_CENTS": "Euro cents an hour.",
            "AIMS": "The skills to be learned by it.",
            "RECALL_DAYS": "With how many days' notice the lender may call back who goes.",
            "BACKFILL": "Who does the work at home meanwhile.",
            "CONFIDENTIALITY": "What is kept to themselves.",
            "TEXT": "What else is agreed.",
        },
    ),
    ReentryItem: (
        "What is seen to when somebody comes back.",
        {
            "TALK_PLANNED": "A talk with their manager before the last day.",
            "WORK_HANDED_BACK": "Their work at home, handed back by whoever did it meanwhile.",
            "ACCESS_ENDED": "Keys, accounts and papers of the borrower, given back.",
            "LEARNED_SHARED": "What they learned, shared with their colleagues.",
            "NEW_SKILLS_USED": "Work in which they use what they learned.",
            "CONTACT_KEPT": "A contact at the borrower for questions afterwards.",
        },
    ),
    ExchangeConsent: (
        "Whether the one who goes agrees to going.",
        {
            "WAITING": "They have not said.",
            "GIVEN": "They agree.",
            "REVOKED": "They took it back, or refused.",
        },
    ),
    Move: (
        "What can be done with an exchange; `docs/exchanges.md` has from where and by whom.",
        {move.value: f"{rule.description}." for move, rule in exchange_moves.MOVES.items()},
    ),
}
# In the graph, where the name of a class says too little.
NAMES: dict[type[StrEnum], str] = {Move: "ExchangeMove"}
