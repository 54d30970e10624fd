-- What Mercurius and stock strawberry ask; each statement begins at its `-- name:`. One statement
-- answers one field for all parents at once; limits per parent go by LATERAL. The functions stand
-- in functions.sql and are inlined.

-- name: feed
select * from bench_peers.feed($1, $2)

-- name: people
select * from bench_peers.people($1, $2, $3, $4) limit $5

-- name: people_count
select count(*)::int as count from bench_peers.people($1, $2, $3, $4)

-- name: organisations_by_name
select id, name from bench_peers.organisations($1) limit $2

-- name: organisation_by_slug
select id, slug, name, about, website, location, follower_count, member_count, post_count
from bench_peers.visible_organisations($2)
where slug = $1

-- name: organisations
select id, slug, name, logo_url
from organisation
where id = any($1::uuid[])

-- name: persons
select id, name, headline
from bench_peers.visible_persons($2)
where id = any($1::uuid[])

-- name: skills
select id, label_en
from skill
where id = any($1::uuid[])

-- name: current_memberships
select newest.person_id as parent, newest.title, newest.organisation_id
from (
  select distinct on (person_id) person_id, title, organisation_id
  from membership
  where person_id = any($1::uuid[]) and ended_on is null and exists (
    select from bench_peers.visible_organisations($2) o where o.id = membership.organisation_id
  )
  order by person_id, id desc
) newest

-- name: viewer_reactions
select post_id as parent, kind
from reaction
where post_id = any($1::uuid[]) and person_id = $2

-- name: viewer_follows
select organisation_id as parent
from follow
where organisation_id = any($1::uuid[]) and person_id = $2

-- name: members
select parent.id as parent, m.*
from unnest($1::uuid[]) as parent (id)
cross join lateral (
  select m.id, m.role, m.title, m.person_id
  from membership m
  where m.organisation_id = parent.id and m.ended_on is null
    and exists (select from bench_peers.visible_persons($3) p where p.id = m.person_id)
  order by m.id desc
  limit $2
) m

-- name: member_counts
select m.organisation_id as parent, count(*)::int as count
from membership m
where m.organisation_id = any($1::uuid[]) and m.ended_on is null
  and exists (select from bench_peers.visible_persons($2) p where p.id = m.person_id)
group by m.organisation_id

-- name: posts
select parent.id as parent, p.*
from unnest($1::uuid[]) as parent (id)
cross join lateral (
  select p.id, p.body, p.created_at, p.reaction_count, p.comment_count, p.author_id
  from bench_peers.visible_posts($3) p
  where p.organisation_id = parent.id
  order by p.id desc
  limit $2
) p

-- name: person_skills
select parent.id as parent, s.*
from unnest($1::uuid[]) as parent (id)
cross join lateral (
  select level, skill_id
  from person_skill
  where person_id = parent.id
  order by level desc, id desc
  limit $2
) s

-- name: reactions
select parent.id as parent, r.*
from unnest($1::uuid[]) as parent (id)
cross join lateral (
  select kind, person_id
  from reaction
  where post_id = parent.id
  order by id desc
  limit $2
) r

-- name: comments
select parent.id as parent, c.*
from unnest($1::uuid[]) as parent (id)
cross join lateral (
  select id, body, author_id
  from comment
  where post_id = parent.id
  order by id
  limit $2
) c

-- name: publish
select id, body, created_at, reaction_count, comment_count, author_id, organisation_id
from bench_peers.publish($1, $2, $3)

-- name: announced
select p.id, p.body, p.created_at, p.author_id, a.name as author_name, p.organisation_id,
  o.name as organisation_name
from bench_peers.publish($1, $2, $3) p
join public.person a on a.id = p.author_id
join public.organisation o on o.id = p.organisation_id

-- name: announced_message
select json_build_object('id', '1', 'type', 'next', 'payload', json_build_object('data',
  json_build_object('feedChanged', json_build_object('kind', 'CREATED', 'post', json_build_object(
    'id', p.id, 'body', p.body, 'createdAt', p.created_at,
    'author', json_build_object('id', a.id, 'name', a.name),
    'organisation', json_build_object('id', o.id, 'name', o.name)
  )))
))::text as message
from bench_peers.publish($1, $2, $3) p
join public.person a on a.id = p.author_id
join public.organisation o on o.id = p.organisation_id
