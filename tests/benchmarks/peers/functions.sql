-- The schema that lives while the peers are measured. Functions in plain SQL that are stable and
-- return sets are inlined by the planner: they cost nothing, and all peers share the same plans.

create schema bench_peers;

-- Who and what a viewer may see: the rules of the graph, as far as the operations meet them.

create function bench_peers.visible_organisations(viewer uuid) returns setof public.organisation
language sql stable as $$
  select o.*
  from public.organisation o
  where o.suspended_at is null or o.id in (
    select m.organisation_id from public.membership m
    where m.person_id = viewer and m.ended_on is null
  )
$$;

create function bench_peers.visible_persons(viewer uuid) returns setof public.person
language sql stable as $$
  select p.*
  from public.person p
  where p.deactivated_at is null
    and (
      p.visibility <> 'COLLEAGUES' or p.id = viewer or exists (
        select from public.membership mine
        join public.membership theirs on theirs.organisation_id = mine.organisation_id
        where mine.person_id = viewer and mine.ended_on is null
          and theirs.person_id = p.id and theirs.ended_on is null
      )
    )
$$;

create function bench_peers.visible_posts(viewer uuid) returns setof public.post
language sql stable as $$
  select p.*
  from public.post p
  where p.audience in ('PUBLIC', 'NETWORK')
    or (p.audience = 'FOLLOWERS' and p.organisation_id in (
      select f.organisation_id from public.follow f where f.person_id = viewer
    ))
    or (p.audience in ('FOLLOWERS', 'ORGANISATION') and p.organisation_id in (
      select m.organisation_id from public.membership m
      where m.person_id = viewer and m.ended_on is null
    ))
$$;

-- Where the operations begin.

-- The newest n posts of all followed organisations can only come from the n followed organisations
-- with the newest last post. Only keys are compared until the page is found. The same plan as ours.
create function bench_peers.feed(viewer uuid, page integer) returns setof public.post
language sql stable as $$
  select p.*
  from (
    select found.id
    from (
      (
        select newest.id
        from (
          select o.id
          from bench_peers.visible_organisations(viewer) o
          where o.id = any (array(
              select f.organisation_id from public.follow f
              where f.person_id = viewer and f.in_feed
            ))
            and o.last_post_id is not null
          order by o.last_post_id desc
          limit page
        ) candidate
        cross join lateral (
          select p.id
          from public.post p
          where p.organisation_id = candidate.id and p.audience <> 'ORGANISATION'
          order by p.id desc
          limit page
        ) newest
      )
      union all
      (
        select internal.id
        from public.membership m
        join public.follow f
          on f.person_id = m.person_id and f.organisation_id = m.organisation_id
        cross join lateral (
          select p.id
          from public.post p
          where p.organisation_id = m.organisation_id and p.audience = 'ORGANISATION'
          order by p.id desc
          limit page
        ) internal
        where m.person_id = viewer and m.ended_on is null and f.in_feed
      )
    ) found
    order by found.id desc
    limit page
  ) shown
  join public.post p on p.id = shown.id
  order by p.id desc
$$;

create function bench_peers.people(
  search text, skill uuid, minimum_level integer, viewer uuid
) returns setof public.person
language sql stable as $$
  select p.*
  from bench_peers.visible_persons(viewer) p
  where (p.name ilike '%' || search || '%' or p.headline ilike '%' || search || '%')
    and exists (
      select from public.person_skill s
      where s.person_id = p.id and s.skill_id = skill and s.level >= minimum_level
    )
  order by p.name, p.id
$$;

create function bench_peers.organisations(viewer uuid) returns setof public.organisation
language sql stable as $$
  select o.* from bench_peers.visible_organisations(viewer) o order by o.name, o.id
$$;

-- Fields of a row for PostGraphile, which finds them by their name and first argument. What is at
-- most one row is a set too, so that it is inlined, and a plain list: a connection costs more.

create function bench_peers.organisation_posts(organisation public.organisation, viewer uuid)
returns setof public.post
language sql stable as $$
  select p.*
  from bench_peers.visible_posts(viewer) p
  where p.organisation_id = organisation.id
  order by p.id desc
$$;

create function bench_peers.organisation_members(organisation public.organisation, viewer uuid)
returns setof public.membership
language sql stable as $$
  select m.*
  from public.membership m
  where m.organisation_id = organisation.id and m.ended_on is null
    and exists (select from bench_peers.visible_persons(viewer) p where p.id = m.person_id)
  order by m.id desc
$$;

create function bench_peers.person_current_membership(person public.person, viewer uuid)
returns setof public.membership rows 1
language sql stable as $$
  select m.*
  from public.membership m
  where m.person_id = person.id and m.ended_on is null and exists (
    select from bench_peers.visible_organisations(viewer) o where o.id = m.organisation_id
  )
  order by m.id desc
  limit 1
$$;
comment on function bench_peers.person_current_membership is '@behavior -connection +list';

create function bench_peers.post_author(post public.post, viewer uuid)
returns setof public.person rows 1
language sql stable as $$
  select p.* from bench_peers.visible_persons(viewer) p where p.id = post.author_id
$$;
comment on function bench_peers.post_author is '@behavior -connection +list';

create function bench_peers.comment_author(comment public.comment, viewer uuid)
returns setof public.person rows 1
language sql stable as $$
  select p.* from bench_peers.visible_persons(viewer) p where p.id = comment.author_id
$$;
comment on function bench_peers.comment_author is '@behavior -connection +list';

create function bench_peers.reaction_person(reaction public.reaction, viewer uuid)
returns setof public.person rows 1
language sql stable as $$
  select p.* from bench_peers.visible_persons(viewer) p where p.id = reaction.person_id
$$;
comment on function bench_peers.reaction_person is '@behavior -connection +list';

create function bench_peers.membership_person(membership public.membership, viewer uuid)
returns setof public.person rows 1
language sql stable as $$
  select p.* from bench_peers.visible_persons(viewer) p where p.id = membership.person_id
$$;
comment on function bench_peers.membership_person is '@behavior -connection +list';

-- What a command does that publishes a post: the post, the counters, the event, in one statement.
create function bench_peers.publish(author uuid, organisation uuid, body text)
returns setof public.post rows 1
language sql volatile as $$
  with published as (
    insert into public.post (organisation_id, author_id, body, language, audience)
    select m.organisation_id, m.person_id, publish.body, 'NL', 'NETWORK'
    from public.membership m
    where m.person_id = author and m.organisation_id = organisation and m.ended_on is null
      and m.role in ('OWNER', 'ADMIN', 'TALENT_MANAGER', 'EDITOR')
    limit 1
    returning *
  ), counted as (
    update public.organisation o
    set post_count = o.post_count + 1, last_post_id = greatest(o.last_post_id, p.id)
    from published p
    where o.id = p.organisation_id
  ), counted_too as (
    update public.person a
    set last_post_id = greatest(a.last_post_id, p.id)
    from published p
    where a.id = p.author_id
  ), recorded as (
    insert into public.event (kind, actor_id, organisation_id, subject_id)
    select 'POST_PUBLISHED', p.author_id, p.organisation_id, p.id from published p
  )
  select * from published
$$;
