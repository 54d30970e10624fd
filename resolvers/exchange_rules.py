"""Who is told of what is done in an exchange; a part of `resolvers.notification_rules`."""

from __future__ import annotations

from collections.abc import Iterable

from db.tables.exchanges import ExchangeStep
from resolvers.permissions import Action, permitting
from subscriptions.events import EventKind

K = ExchangeStep
# Of these all are told who see the exchange, other than who did it.
TOLD_TO_ALL = (
    K.AMENDED,
    K.OFFERED,
    K.CONSENT_REVOKED,
    K.AGREED,
    K.STARTED,
    K.RECALL_ASKED,
    K.RECALL_REFUSED,
    K.RECALLED,
    K.COMPLETED,
    K.CANCELLED,
    K.RECEIPT_CONFIRMED,
)
MANAGE = ", ".join(f"'{role}'" for role in permitting(Action.MANAGE_EXCHANGES))
# Everybody who sees the exchange `x`, with the organisation that is the other one for them.
CONCERNED = f"""
lateral (
  select m.person_id, x.borrower_id as other_id, 'LENDER' as side from membership m
  where m.organisation_id = x.lender_id and m.ended_on is null and m.role in ({MANAGE})
  union all
  select m.person_id, x.lender_id, 'BORROWER' from membership m
  where m.organisation_id = x.borrower_id and m.ended_on is null and m.role in ({MANAGE})
  union all
  select g.person_id, x.borrower_id, 'EMPLOYEE' from exchange_person g
  where g.exchange_id = x.id and g.removed_at is null
) who
"""  # noqa: S608 - constants


def _in(steps: Iterable[ExchangeStep]) -> str:
    return ", ".join(f"'{step}'" for step in steps)


def _rule(kind: str, note: str, steps: Iterable[ExchangeStep], condition: str, rank: int) -> str:
    return f"""
select e.id, e.created_at, who.person_id, '{kind}', x.id, who.other_id, null::uuid,
       null::uuid, null::uuid, {note}, {rank}
from batch e join exchange x on x.id = e.subject_id, {CONCERNED}
where e.kind = '{EventKind.EXCHANGE_CHANGED}' and e.ids ->> 'step' in ({_in(steps)})
  and who.person_id is distinct from e.actor_id and {condition}
"""  # noqa: S608 - constants


# Whoever's skill was raised, whether or not they see the exchange.
EVIDENCE = f"""
select e.id, e.created_at, r.person_id, 'EXCHANGE_ASKED', x.id,
       case when r.organisation_id = x.lender_id then x.borrower_id else x.lender_id end,
       null::uuid, null::uuid, null::uuid, 'EVIDENCE', 1
from batch e join exchange x on x.id = e.subject_id
join exchange_receipt t on t.exchange_id = x.id join raised_skill r on r.receipt_id = t.id
where e.kind = '{EventKind.EXCHANGE_CHANGED}' and e.ids ->> 'step' = '{K.RECEIPT_CONFIRMED}'
  and r.accepted_at is null and r.declined_at is null
"""  # noqa: S608 - constants
# Whoever has to do something is told that, and not also that something was done.
EXCHANGE_RULES = (
    _rule("EXCHANGE_CHANGED", "e.ids ->> 'step'", TOLD_TO_ALL, "true", 2),
    _rule(
        "EXCHANGE_ASKED",
        "'CONSENT'",
        (K.AMENDED,),
        """who.side = 'EMPLOYEE' and exists (
          select from exchange_person g where g.exchange_id = x.id and g.person_id = who.person_id
            and g.consented_at is null and g.revoked_at is null)""",
        1,
    ),
    # The other side of whoever logged them; the event says whose hours they are.
    _rule(
        "EXCHANGE_ASKED",
        "'HOURS'",
        (K.HOURS_LOGGED,),
        """exists (
          select from exchange_hours h where h.exchange_id = x.id and h.confirmed_at is null
            and h.person_id = (e.ids ->> 'person_id')::uuid and h.logged_by_id = e.actor_id
            and case when h.side = 'BORROWER' then who.side = 'LENDER' or who.person_id = h.person_id
                else who.side = 'BORROWER' end)""",
        1,
    ),
    _rule(
        "EXCHANGE_ASKED",
        "'RECEIPT'",
        (K.RECEIPT_RECORDED,),
        """exists (
          select from exchange_receipt r where r.exchange_id = x.id and r.confirmed_at is null
            and who.side in ('LENDER', 'BORROWER') and who.side <> r.side)""",
        1,
    ),
    EVIDENCE,
    _rule(
        "EXCHANGE_REMINDER",
        "e.ids ->> 'step'",
        (K.REMINDED_OF_END,),
        "true",
        1,
    ),
    # Those who have signed are not asked to.
    _rule(
        "EXCHANGE_REMINDER",
        "e.ids ->> 'step'",
        (K.REMINDED_TO_SIGN,),
        """not exists (
          select from agreement_signature s where s.exchange_id = x.id and s.voided_at is null
            and s.side = who.side and (s.side <> 'EMPLOYEE' or s.person_id = who.person_id))""",
        1,
    ),
    _rule(
        "EXCHANGE_REMINDER",
        "e.ids ->> 'step'",
        (K.REMINDED_OF_RECEIPT,),
        """who.side <> 'EMPLOYEE' and not exists (
          select from exchange_receipt r where r.exchange_id = x.id
            and (r.confirmed_at is not null or r.side = who.side))""",
        1,
    ),
)
