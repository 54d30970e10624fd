WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_1 
FROM block 
WHERE block.person_id = who.id UNION ALL SELECT block.person_id 
FROM block 
WHERE block.blocked_person_id = who.id UNION ALL SELECT block.person_id 
FROM block JOIN membership ON membership.organisation_id = block.organisation_id 
WHERE membership.person_id = who.id AND membership.ended_on IS NULL)) AS hidden, $2::BYTEA AS secret_hash 
FROM (SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_4 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $2::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $2::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id) AS who)
 SELECT viewer.id AS viewer, convert_to((SELECT concat('{"edges":[', string_agg(CASE WHEN (p1."n" <= $1::INTEGER) THEN concat('{"cursor":"', p1."id", '","node":{"id":"pst_', p1."id", '","body":', json_scalar(p1."body"), ',"author":', coalesce((SELECT concat('{"name":', json_scalar(t2."name"), '}') AS concat_2 
FROM (SELECT person.id AS id, person.name AS name, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person 
WHERE person.id = p1."author_id") AS t2 
WHERE t2."deactivated_at" IS NULL AND (t2."suspended_at" IS NULL OR t2."id" = viewer.id) AND t2."id" != ALL (viewer.hidden) AND (t2."visibility" = 'PUBLIC' OR t2."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t2."id" = viewer.id OR t2."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t2."id" AND membership_2.ended_on IS NULL)))), 'null'), ',"organisation":', (SELECT concat('{"name":', json_scalar(t3."name"), '}') AS concat_3 
FROM (SELECT organisation.name AS name 
FROM organisation 
WHERE organisation.id = p1."organisation_id") AS t3), ',"viewerReaction":', coalesce(json_scalar((SELECT reaction.kind 
FROM reaction 
WHERE reaction.post_id = p1."id" AND reaction.person_id = viewer.id)), 'null'), '}}') END, ',' ORDER BY p1."id" DESC), '],"pageInfo":{"hasNextPage":', CAST(count(*) > $1::INTEGER AS TEXT), ',"endCursor":', coalesce(json_scalar(CASE WHEN (count(*) > 0) THEN CAST((array_agg(p1."id" ORDER BY p1."id" DESC))[least(count(*), $1::INTEGER)] AS TEXT) END), 'null'), '}}') AS concat_1 
FROM (SELECT w5."author_id" AS author_id, w5."body" AS body, w5."id" AS id, w5."organisation_id" AS organisation_id, row_number() OVER (ORDER BY w5."id" DESC) AS n 
FROM (SELECT t4."author_id" AS author_id, t4."body" AS body, t4."id" AS id, t4."organisation_id" AS organisation_id 
FROM (SELECT post_1.id AS id, post_1.organisation_id AS organisation_id, post_1.author_id AS author_id, post_1.body AS body, post_1.audience AS audience, post_1.hidden_at AS hidden_at 
FROM post AS post_1 JOIN (SELECT newest.id AS id 
FROM (SELECT anon_1.id AS id 
FROM (SELECT organisation_1.id AS id 
FROM organisation AS organisation_1 
WHERE organisation_1.id = any(array((SELECT follow.organisation_id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.in_feed))) AND (organisation_1.suspended_at IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = organisation_1.id AND membership.ended_on IS NULL))) AND organisation_1.id != ALL (viewer.hidden) ORDER BY CASE WHEN (cardinality(viewer.hidden) = 0) THEN organisation_1.last_post_id ELSE (SELECT post.id 
FROM post 
WHERE post.organisation_id = organisation_1.id AND post.audience != 'PARTNERS' AND post.audience != 'ORGANISATION' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) ORDER BY post.id DESC 
 LIMIT 1) END DESC NULLS LAST 
 LIMIT $1::INTEGER + 1) AS followed JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = followed.id AND post.audience != 'PARTNERS' AND post.audience != 'ORGANISATION' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_1 ON true UNION ALL SELECT anon_2.id AS id 
FROM (SELECT follow.organisation_id AS id 
FROM follow JOIN membership ON membership.organisation_id = follow.organisation_id AND membership.person_id = follow.person_id AND membership.ended_on IS NULL 
WHERE follow.person_id = viewer.id AND follow.in_feed AND follow.organisation_id != ALL (viewer.hidden)) AS own JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = own.id AND (post.audience = 'PARTNERS' OR post.audience = 'ORGANISATION') AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_2 ON true UNION ALL SELECT anon_3.id AS id 
FROM (SELECT follow.organisation_id AS id 
FROM follow JOIN organisation AS organisation_2 ON organisation_2.id = follow.organisation_id 
WHERE follow.person_id = viewer.id AND follow.in_feed AND organisation_2.suspended_at IS NULL AND organisation_2.id != ALL (viewer.hidden) AND NOT (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = organisation_2.id AND membership.ended_on IS NULL)) AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = organisation_2.id) THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = organisation_2.id OR partnership.addressee_id = organisation_2.id) AND membership.person_id = viewer.id AND membership.ended_on IS NULL))) AS partners JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = partners.id AND post.audience = 'PARTNERS' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_3 ON true) AS newest ORDER BY newest.id DESC 
 LIMIT $1::INTEGER + 1) AS shown ON shown.id = post_1.id ORDER BY post_1.id DESC 
 LIMIT $1::INTEGER + 1) AS t4 
WHERE (t4."audience" = 'PUBLIC' OR t4."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t4."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t4."organisation_id")) OR t4."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t4."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t4."organisation_id" OR partnership.addressee_id = t4."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t4."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t4."organisation_id" AND membership.ended_on IS NULL))) AND (t4."hidden_at" IS NULL OR t4."author_id" = viewer.id) AND t4."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t4_organisation 
WHERE t4_organisation."id" = t4."organisation_id" AND (t4_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t4_organisation."id" AND membership.ended_on IS NULL))) AND t4_organisation."id" != ALL (viewer.hidden)))) AS w5) AS p1 
HAVING true), 'UTF8') AS json_0 
FROM viewer
