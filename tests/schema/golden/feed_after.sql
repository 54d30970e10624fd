WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_1 
FROM block 
WHERE block.person_id = who.id UNION ALL SELECT block.person_id 
FROM block 
WHERE block.blocked_person_id = who.id UNION ALL SELECT block.person_id 
FROM block JOIN membership ON membership.organisation_id = block.organisation_id 
WHERE membership.person_id = who.id AND membership.ended_on IS NULL)) AS hidden, $3::BYTEA AS secret_hash 
FROM (SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_7 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $3::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $3::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id) AS who)
 SELECT viewer.id AS viewer, convert_to((SELECT concat('{"nodes":[', string_agg(CASE WHEN (p1."n" <= $1::INTEGER) THEN concat('{"id":"pst_', p1."id", '"}') END, ',' ORDER BY p1."id" DESC), '],"pageInfo":{"hasPreviousPage":', CAST(EXISTS (SELECT 1 
FROM (SELECT post_1.id AS id, post_1.organisation_id AS organisation_id, post_1.author_id AS author_id, post_1.audience AS audience, post_1.hidden_at AS hidden_at 
FROM post AS post_1 JOIN (SELECT newest.id AS id 
FROM (SELECT anon_1.id AS id 
FROM (SELECT organisation_1.id AS id 
FROM organisation AS organisation_1 
WHERE organisation_1.id = any(array((SELECT follow.organisation_id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.in_feed))) AND (organisation_1.suspended_at IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = organisation_1.id AND membership.ended_on IS NULL))) AND organisation_1.id != ALL (viewer.hidden) ORDER BY (SELECT post.id 
FROM post 
WHERE post.organisation_id = organisation_1.id AND post.audience != 'PARTNERS' AND post.audience != 'ORGANISATION' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.id >= $2::UUID ORDER BY post.id ASC 
 LIMIT 1) ASC NULLS LAST 
 LIMIT 1) AS followed JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = followed.id AND post.audience != 'PARTNERS' AND post.audience != 'ORGANISATION' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.id >= $2::UUID ORDER BY post.id ASC 
 LIMIT 1) AS anon_1 ON true UNION ALL SELECT anon_2.id AS id 
FROM (SELECT follow.organisation_id AS id 
FROM follow JOIN membership ON membership.organisation_id = follow.organisation_id AND membership.person_id = follow.person_id AND membership.ended_on IS NULL 
WHERE follow.person_id = viewer.id AND follow.in_feed AND follow.organisation_id != ALL (viewer.hidden)) AS own JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = own.id AND (post.audience = 'PARTNERS' OR post.audience = 'ORGANISATION') AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.id >= $2::UUID ORDER BY post.id ASC 
 LIMIT 1) AS anon_2 ON true UNION ALL SELECT anon_3.id AS id 
FROM (SELECT follow.organisation_id AS id 
FROM follow JOIN organisation AS organisation_2 ON organisation_2.id = follow.organisation_id 
WHERE follow.person_id = viewer.id AND follow.in_feed AND organisation_2.suspended_at IS NULL AND organisation_2.id != ALL (viewer.hidden) AND NOT (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = organisation_2.id AND membership.ended_on IS NULL)) AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = organisation_2.id) THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = organisation_2.id OR partnership.addressee_id = organisation_2.id) AND membership.person_id = viewer.id AND membership.ended_on IS NULL))) AS partners JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = partners.id AND post.audience = 'PARTNERS' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.id >= $2::UUID ORDER BY post.id ASC 
 LIMIT 1) AS anon_3 ON true) AS newest 
WHERE newest.id >= $2::UUID ORDER BY newest.id ASC 
 LIMIT 1) AS shown ON shown.id = post_1.id) AS t2 
WHERE (t2."audience" = 'PUBLIC' OR t2."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t2."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t2."organisation_id")) OR t2."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t2."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t2."organisation_id" OR partnership.addressee_id = t2."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t2."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t2."organisation_id" AND membership.ended_on IS NULL))) AND (t2."hidden_at" IS NULL OR t2."author_id" = viewer.id) AND t2."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t2_organisation 
WHERE t2_organisation."id" = t2."organisation_id" AND (t2_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t2_organisation."id" AND membership.ended_on IS NULL))) AND t2_organisation."id" != ALL (viewer.hidden))) AND t2."id" >= $2::UUID) AS TEXT), '}}') AS concat_1 
FROM (SELECT w4."id" AS id, row_number() OVER (ORDER BY w4."id" DESC) AS n 
FROM (SELECT t3."id" AS id 
FROM (SELECT post_2.id AS id, post_2.organisation_id AS organisation_id, post_2.author_id AS author_id, post_2.audience AS audience, post_2.hidden_at AS hidden_at 
FROM post AS post_2 JOIN (SELECT newest.id AS id 
FROM (SELECT anon_4.id AS id 
FROM (SELECT organisation_3.id AS id 
FROM organisation AS organisation_3 
WHERE organisation_3.id = any(array((SELECT follow.organisation_id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.in_feed))) AND (organisation_3.suspended_at IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = organisation_3.id AND membership.ended_on IS NULL))) AND organisation_3.id != ALL (viewer.hidden) ORDER BY CASE WHEN (cardinality(viewer.hidden) = 0 AND organisation_3.last_post_id < $2::UUID) THEN organisation_3.last_post_id ELSE (SELECT post.id 
FROM post 
WHERE post.organisation_id = organisation_3.id AND post.audience != 'PARTNERS' AND post.audience != 'ORGANISATION' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.id < $2::UUID ORDER BY post.id DESC 
 LIMIT 1) END DESC NULLS LAST 
 LIMIT $1::INTEGER + 1) AS followed JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = followed.id AND post.audience != 'PARTNERS' AND post.audience != 'ORGANISATION' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.id < $2::UUID ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_4 ON true UNION ALL SELECT anon_5.id AS id 
FROM (SELECT follow.organisation_id AS id 
FROM follow JOIN membership ON membership.organisation_id = follow.organisation_id AND membership.person_id = follow.person_id AND membership.ended_on IS NULL 
WHERE follow.person_id = viewer.id AND follow.in_feed AND follow.organisation_id != ALL (viewer.hidden)) AS own JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = own.id AND (post.audience = 'PARTNERS' OR post.audience = 'ORGANISATION') AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.id < $2::UUID ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_5 ON true UNION ALL SELECT anon_6.id AS id 
FROM (SELECT follow.organisation_id AS id 
FROM follow JOIN organisation AS organisation_4 ON organisation_4.id = follow.organisation_id 
WHERE follow.person_id = viewer.id AND follow.in_feed AND organisation_4.suspended_at IS NULL AND organisation_4.id != ALL (viewer.hidden) AND NOT (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = organisation_4.id AND membership.ended_on IS NULL)) AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = organisation_4.id) THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = organisation_4.id OR partnership.addressee_id = organisation_4.id) AND membership.person_id = viewer.id AND membership.ended_on IS NULL))) AS partners JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = partners.id AND post.audience = 'PARTNERS' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.id < $2::UUID ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_6 ON true) AS newest 
WHERE newest.id < $2::UUID ORDER BY newest.id DESC 
 LIMIT $1::INTEGER + 1) AS shown ON shown.id = post_2.id 
WHERE post_2.id < $2::UUID ORDER BY post_2.id DESC 
 LIMIT $1::INTEGER + 1) AS t3 
WHERE (t3."audience" = 'PUBLIC' OR t3."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t3."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t3."organisation_id")) OR t3."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t3."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t3."organisation_id" OR partnership.addressee_id = t3."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t3."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t3."organisation_id" AND membership.ended_on IS NULL))) AND (t3."hidden_at" IS NULL OR t3."author_id" = viewer.id) AND t3."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t3_organisation 
WHERE t3_organisation."id" = t3."organisation_id" AND (t3_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t3_organisation."id" AND membership.ended_on IS NULL))) AND t3_organisation."id" != ALL (viewer.hidden)))) AS w4) AS p1 
HAVING true), 'UTF8') AS json_0 
FROM viewer
