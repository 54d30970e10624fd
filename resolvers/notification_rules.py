"""Who is told of an event: SQL that turns a batch of events into lines for inboxes.

Each rule reads the events of one kind from `batch` and what they are about as it is now: what was
taken back meanwhile tells nobody. It gives a line for each recipient:

    event_id, at, person_id, kind, subject_id, organisation_id, post_id, comment_id, actor_id,
    note, precedence

Of the lines that one event has for one person, the one with the lowest precedence is taken.
"""

from __future__ import annotations

from db.tables.people import Role
from resolvers.exchange_rules import EXCHANGE_RULES
from resolvers.permissions import PERMISSIONS, Action
from subscriptions.events import EventKind

# Who is told when an organisation is mentioned.
MANAGING = frozenset({Role.OWNER, Role.ADMIN, Role.TALENT_MANAGER})


def roles(permitted: frozenset[Role]) -> str:
    """Give roles as an SQL list."""
    return ", ".join(f"'{role.value}'" for role in sorted(permitted))


DECIDE_ON_JOINING = roles(PERMISSIONS[Action.INVITE])
DECIDE_ON_PARTNERSHIPS = roles(PERMISSIONS[Action.MANAGE_PARTNERSHIPS])
MANAGE = roles(MANAGING)
MANAGE_LISTINGS = roles(PERMISSIONS[Action.MANAGE_LISTINGS])

# ruff: noqa: S608 - all put together from constants
PUBLISHED = f"""
select e.id, e.created_at, f.person_id, 'POST_PUBLISHED', p.id, p.organisation_id, p.id,
       null::uuid, p.author_id, null::text, 4
from batch e join post p on p.id = e.subject_id
cross join lateral (
  select person_id from follow where organisation_id = p.organisation_id and notify
  union all
  select person_id from person_follow where followed_id = p.author_id and notify
  union all
  select s.person_id from skill_follow s join post_skill k on k.skill_id = s.skill_id
  where k.post_id = p.id and s.notify
) f
where e.kind = '{EventKind.POST_PUBLISHED}' and p.hidden_at is null
"""
REPOSTED = f"""
select e.id, e.created_at, o.author_id, 'POST_REPOSTED', o.id, o.organisation_id, o.id,
       null::uuid, p.author_id, null::text, 2
from batch e join post p on p.id = e.subject_id join post o on o.id = p.repost_of_id
where e.kind = '{EventKind.POST_PUBLISHED}' and p.hidden_at is null
"""
# An edit may name somebody who was not named before; whom it names again was told then. When
# nobody edited (a name was taken out of it) there is nothing to tell.
MENTIONED = f"""
select e.id, e.created_at, m.person_id, 'MENTIONED', coalesce(m.comment_id, m.post_id),
       p.organisation_id, m.post_id, m.comment_id, coalesce(c.author_id, p.author_id), null::text, 1
from batch e
join mention m on case when e.kind in ('{EventKind.COMMENT_ADDED}', '{EventKind.COMMENT_EDITED}')
  then m.comment_id = e.subject_id else m.post_id = e.subject_id and m.comment_id is null end
join post p on p.id = m.post_id left join comment c on c.id = m.comment_id
where m.person_id is not null and e.actor_id is not null and e.kind in ('{EventKind.POST_PUBLISHED}',
  '{EventKind.POST_EDITED}', '{EventKind.COMMENT_ADDED}', '{EventKind.COMMENT_EDITED}')
"""
ORGANISATION_MENTIONED = f"""
select e.id, e.created_at, s.person_id, 'MENTIONED', coalesce(m.comment_id, m.post_id),
       m.organisation_id, m.post_id, m.comment_id, coalesce(c.author_id, p.author_id),
       'ORGANISATION', 3
from batch e
join mention m on case when e.kind in ('{EventKind.COMMENT_ADDED}', '{EventKind.COMMENT_EDITED}')
  then m.comment_id = e.subject_id else m.post_id = e.subject_id and m.comment_id is null end
join post p on p.id = m.post_id left join comment c on c.id = m.comment_id
join membership s on s.organisation_id = m.organisation_id and s.ended_on is null
  and s.role in ({MANAGE})
where e.actor_id is not null and e.kind in ('{EventKind.POST_PUBLISHED}', '{EventKind.POST_EDITED}',
  '{EventKind.COMMENT_ADDED}', '{EventKind.COMMENT_EDITED}')
"""
COMMENTED = f"""
select e.id, e.created_at, p.author_id, 'POST_COMMENTED', p.id, p.organisation_id, p.id,
       null::uuid, c.author_id, null::text, 5
from batch e join comment c on c.id = e.subject_id join post p on p.id = c.post_id
where e.kind = '{EventKind.COMMENT_ADDED}' and c.deleted_at is null
"""
REPLIED = f"""
select e.id, e.created_at, a.author_id, 'COMMENT_REPLIED', a.id, p.organisation_id, p.id, a.id,
       c.author_id, null::text, 2
from batch e join comment c on c.id = e.subject_id join comment a on a.id = c.parent_id
join post p on p.id = c.post_id
where e.kind = '{EventKind.COMMENT_ADDED}' and c.deleted_at is null
"""
REACTED = f"""
select e.id, e.created_at, p.author_id, 'POST_REACTED', p.id, p.organisation_id, p.id, null::uuid,
       r.person_id, null::text, 1
from batch e join post p on p.id = e.subject_id
join reaction r on r.post_id = p.id and r.person_id = e.actor_id
where e.kind = '{EventKind.POST_REACTED}'
"""
ANSWERED = f"""
select e.id, e.created_at, c.author_id, 'ANSWER_CHOSEN', c.id, p.organisation_id, p.id, c.id,
       e.actor_id, null::text, 1
from batch e join post p on p.id = e.subject_id join comment c on c.id = p.best_answer_id
where e.kind = '{EventKind.ANSWER_CHOSEN}'
"""
FOLLOWED = f"""
select e.id, e.created_at, f.followed_id, 'FOLLOWED', f.followed_id, null::uuid, null::uuid,
       null::uuid, f.person_id, null::text, 1
from batch e join person_follow f on f.person_id = e.actor_id and f.followed_id = e.subject_id
where e.kind = '{EventKind.FOLLOW_CHANGED}'
"""
# Only to an address that its person has proved to have: an invitation is nobody else's business.
INVITED = f"""
select e.id, e.created_at, p.id, 'INVITED', i.id, i.organisation_id, null::uuid, null::uuid,
       i.invited_by_id, null::text, 1
from batch e join invitation i on i.id = e.subject_id
join person p on p.email = i.email and p.email_verified_at is not null
where e.kind = '{EventKind.INVITATION_CHANGED}'
  and i.answered_at is null and i.revoked_at is null and i.expires_at > now()
"""
JOIN_REQUESTED = f"""
select e.id, e.created_at, m.person_id, 'JOIN_REQUESTED', j.organisation_id, j.organisation_id,
       null::uuid, null::uuid, j.person_id, null::text, 1
from batch e join join_request j on j.id = e.subject_id and j.outcome = 'PENDING'
join membership m on m.organisation_id = j.organisation_id and m.ended_on is null
  and m.role in ({DECIDE_ON_JOINING})
where e.kind = '{EventKind.JOIN_REQUEST_CHANGED}'
"""
JOIN_DECIDED = f"""
select e.id, e.created_at, j.person_id, 'JOIN_DECIDED', j.id, j.organisation_id, null::uuid,
       null::uuid, null::uuid, j.outcome, 1
from batch e join join_request j on j.id = e.subject_id and j.outcome in ('ACCEPTED', 'DECLINED')
where e.kind = '{EventKind.JOIN_REQUEST_CHANGED}' and e.actor_id is distinct from j.person_id
"""
# Who has just become a member is told so by what led to it.
ROLE_CHANGED = f"""
select e.id, e.created_at, m.person_id, 'ROLE_CHANGED', m.organisation_id, m.organisation_id,
       null::uuid, null::uuid, null::uuid,
       case when m.ended_on is null then m.role else 'ENDED' end, 1
from batch e join membership m on m.id = e.subject_id
where e.kind = '{EventKind.MEMBERSHIP_CHANGED}' and e.actor_id is distinct from m.person_id
  and m.created_at < e.created_at
"""
PARTNERSHIP_REQUESTED = f"""
select e.id, e.created_at, m.person_id, 'PARTNERSHIP_REQUESTED', p.id, p.requester_id, null::uuid,
       null::uuid, p.requested_by_id, null::text, 1
from batch e join partnership p on p.id = e.subject_id and p.status = 'REQUESTED'
join membership m on m.organisation_id = p.addressee_id and m.ended_on is null
  and m.role in ({DECIDE_ON_PARTNERSHIPS})
where e.kind = '{EventKind.PARTNERSHIP_CHANGED}'
"""
PARTNERSHIP_DECIDED = f"""
select e.id, e.created_at, m.person_id, 'PARTNERSHIP_DECIDED', p.id,
       case when m.organisation_id = p.requester_id then p.addressee_id else p.requester_id end,
       null::uuid, null::uuid, null::uuid, p.status, 1
from batch e join partnership p on p.id = e.subject_id and p.status <> 'REQUESTED'
join membership m on m.ended_on is null and m.role in ({DECIDE_ON_PARTNERSHIPS})
  and (m.organisation_id = p.requester_id
       or p.status = 'ENDED' and m.organisation_id = p.addressee_id)
where e.kind = '{EventKind.PARTNERSHIP_CHANGED}' and m.person_id is distinct from e.actor_id
  and not (p.status = 'ENDED' and exists (
    select from membership own where own.person_id = e.actor_id and own.ended_on is null
      and own.organisation_id = m.organisation_id))
"""
MODERATED = f"""
select e.id, e.created_at, a.addressee_id, 'MODERATED', a.id, null::uuid, a.post_id, a.comment_id,
       null::uuid, a.kind, 1
from batch e
join moderation_action a on a.id in (e.subject_id, (e.ids ->> 'action_id')::uuid)
  and a.kind <> 'DISMISS' and a.addressee_id is not null
where e.kind = '{EventKind.MODERATED}'
"""
APPEAL_DECIDED = f"""
select e.id, e.created_at, a.appellant_id, 'APPEAL_DECIDED', a.id, null::uuid, null::uuid,
       null::uuid, null::uuid, a.status, 1
from batch e join appeal a on a.id in (e.subject_id, (e.ids ->> 'appeal_id')::uuid)
  and a.status <> 'OPEN'
where e.kind = '{EventKind.APPEAL_CHANGED}'
"""
# Of a listing, until its line is read: how many there are is seen at the listing.
MATCHES_FOUND = f"""
select e.id, e.created_at, m.person_id, 'MATCHES_FOUND', l.id, l.organisation_id, null::uuid,
       null::uuid, null::uuid, l.title, 1
from batch e join listing_match f on f.id = e.subject_id
join listing l on l.id in (f.offer_id, f.request_id)
join membership m on m.organisation_id = l.organisation_id and m.ended_on is null
  and m.role in ({MANAGE_LISTINGS})
where e.kind = '{EventKind.MATCH_FOUND}'
"""
MATCH_REQUESTED = f"""
select e.id, e.created_at, m.person_id, 'MATCH_REQUESTED', r.id, r.asking_id, null::uuid,
       null::uuid, r.asked_by_id, null::text, 1
from batch e join match_request r on r.id = e.subject_id and r.status = 'PROPOSED'
  and r.expires_at > now()
join membership m on m.organisation_id = r.asked_id and m.ended_on is null
  and m.role in ({MANAGE_LISTINGS})
where e.kind = '{EventKind.MATCH_REQUEST_CHANGED}' and e.ids ->> 'change' = 'ADDED'
"""
MATCH_DECIDED = f"""
select e.id, e.created_at, m.person_id, 'MATCH_DECIDED', r.id,
       case when m.organisation_id = r.asked_id then r.asking_id else r.asked_id end,
       null::uuid, null::uuid, null::uuid, r.status, 1
from batch e join match_request r on r.id = e.subject_id and r.status <> 'PROPOSED'
join membership m on m.ended_on is null and m.role in ({MANAGE_LISTINGS})
  and m.organisation_id = case when r.status = 'WITHDRAWN' then r.asked_id else r.asking_id end
where e.kind = '{EventKind.MATCH_REQUEST_CHANGED}' and e.ids ->> 'change' = 'CHANGED'
"""
MATCH_MESSAGE = f"""
select e.id, e.created_at, m.person_id, 'MATCH_MESSAGE', r.id, w.organisation_id, null::uuid,
       null::uuid, w.author_id, null::text, 1
from batch e join match_message w on w.id = (e.ids ->> 'message_id')::uuid
join match_request r on r.id = w.match_request_id
join membership m on m.ended_on is null and m.role in ({MANAGE_LISTINGS})
  and m.organisation_id = case when w.organisation_id = r.asked_id then r.asking_id else r.asked_id end
where e.kind = '{EventKind.MATCH_MESSAGE_WRITTEN}'
"""
RULES = (
    *EXCHANGE_RULES,
    MATCHES_FOUND,
    MATCH_REQUESTED,
    MATCH_DECIDED,
    MATCH_MESSAGE,
    PUBLISHED,
    REPOSTED,
    MENTIONED,
    ORGANISATION_MENTIONED,
    COMMENTED,
    REPLIED,
    REACTED,
    ANSWERED,
    FOLLOWED,
    INVITED,
    JOIN_REQUESTED,
    JOIN_DECIDED,
    ROLE_CHANGED,
    PARTNERSHIP_REQUESTED,
    PARTNERSHIP_DECIDED,
    MODERATED,
    APPEAL_DECIDED,
)
# Events that tell somebody something, or take something back.
TELLING = (
    EventKind.POST_PUBLISHED,
    EventKind.POST_EDITED,
    EventKind.POST_REACTED,
    EventKind.COMMENT_ADDED,
    EventKind.COMMENT_EDITED,
    EventKind.COMMENT_DELETED,
    EventKind.ANSWER_CHOSEN,
    EventKind.FOLLOW_CHANGED,
    EventKind.INVITATION_CHANGED,
    EventKind.JOIN_REQUEST_CHANGED,
    EventKind.MEMBERSHIP_CHANGED,
    EventKind.PARTNERSHIP_CHANGED,
    EventKind.MATCH_FOUND,
    EventKind.MATCH_REQUEST_CHANGED,
    EventKind.MATCH_MESSAGE_WRITTEN,
    EventKind.EXCHANGE_CHANGED,
    EventKind.MODERATED,
    EventKind.APPEAL_CHANGED,
)
# Who no longer does what an unread line counts them for: (line, person) of those in `batch`.
WITHDRAWN = f"""
select n.id as notification_id, a.person_id
from batch e
join notification n on n.read_at is null and n.kind = 'POST_REACTED' and n.subject_id = e.subject_id
join post p on p.id = e.subject_id and p.author_id = n.person_id
join notification_actor a on a.notification_id = n.id and a.person_id = e.actor_id
where e.kind = '{EventKind.POST_REACTED}' and not exists (
  select from reaction r where r.post_id = e.subject_id and r.person_id = e.actor_id)
union
select n.id, a.person_id
from batch e
join notification n on n.read_at is null and n.kind = 'FOLLOWED' and n.person_id = e.subject_id
join notification_actor a on a.notification_id = n.id and a.person_id = e.actor_id
where e.kind = '{EventKind.FOLLOW_CHANGED}' and not exists (
  select from person_follow f where f.followed_id = n.person_id and f.person_id = e.actor_id)
union
select n.id, a.person_id
from batch e join post p on p.id = (e.ids ->> 'post_id')::uuid
join notification n on n.read_at is null and n.kind = 'POST_COMMENTED' and n.subject_id = p.id
  and n.person_id = p.author_id
join notification_actor a on a.notification_id = n.id and a.person_id = e.actor_id
where e.kind = '{EventKind.COMMENT_DELETED}' and not exists (
  select from comment c where c.post_id = p.id and c.author_id = a.person_id
    and c.deleted_at is null)
union
select n.id, j.person_id
from batch e join join_request j on j.id = e.subject_id and j.outcome <> 'PENDING'
join membership m on m.organisation_id = j.organisation_id
join notification n on n.person_id = m.person_id and n.read_at is null
  and n.kind = 'JOIN_REQUESTED' and n.subject_id = j.organisation_id
join notification_actor a on a.notification_id = n.id and a.person_id = j.person_id
where e.kind = '{EventKind.JOIN_REQUEST_CHANGED}'
"""
