WITH viewer AS materialized 
(SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_5 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $3::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $3::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id)
 SELECT viewer.id AS viewer, convert_to((SELECT concat('{"nodes":[', string_agg(CASE WHEN (p1."n" <= $1::INTEGER) THEN concat('{"id":"pst_', p1."id", '"}') END, ',' ORDER BY p1."id" DESC), '],"pageInfo":{"hasPreviousPage":', CAST(EXISTS (SELECT 1 
FROM (SELECT post_1.id AS id, post_1.organisation_id AS organisation_id, post_1.audience AS audience 
FROM post AS post_1 JOIN (SELECT newest.id AS id 
FROM (SELECT anon_1.id AS id 
FROM (SELECT organisation_1.id AS id 
FROM organisation AS organisation_1 
WHERE organisation_1.id = any(array((SELECT follow.organisation_id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.in_feed))) AND (organisation_1.suspended_at IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = organisation_1.id AND membership.ended_on IS NULL))) ORDER BY (SELECT post.id 
FROM post 
WHERE post.organisation_id = organisation_1.id AND post.audience != 'ORGANISATION' AND post.id >= $2::UUID ORDER BY post.id ASC 
 LIMIT 1) ASC NULLS LAST 
 LIMIT 1) AS followed JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = followed.id AND post.audience != 'ORGANISATION' AND post.id >= $2::UUID ORDER BY post.id ASC 
 LIMIT 1) AS anon_1 ON true UNION ALL SELECT anon_2.id AS id 
FROM (SELECT follow.organisation_id AS id 
FROM follow JOIN membership ON membership.organisation_id = follow.organisation_id AND membership.person_id = follow.person_id AND membership.ended_on IS NULL 
WHERE follow.person_id = viewer.id AND follow.in_feed) AS own JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = own.id AND post.audience = 'ORGANISATION' AND post.id >= $2::UUID ORDER BY post.id ASC 
 LIMIT 1) AS anon_2 ON true) AS newest 
WHERE newest.id >= $2::UUID ORDER BY newest.id ASC 
 LIMIT 1) AS shown ON shown.id = post_1.id) AS t2 
WHERE (t2."audience" = 'PUBLIC' OR t2."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t2."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t2."organisation_id")) OR t2."audience" IN ('FOLLOWERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t2."organisation_id" AND membership.ended_on IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t2_organisation 
WHERE t2_organisation."id" = t2."organisation_id" AND (t2_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t2_organisation."id" AND membership.ended_on IS NULL))))) AND t2."id" >= $2::UUID) AS TEXT), '}}') AS concat_1 
FROM (SELECT w4."id" AS id, row_number() OVER (ORDER BY w4."id" DESC) AS n 
FROM (SELECT t3."id" AS id 
FROM (SELECT post_2.id AS id, post_2.organisation_id AS organisation_id, post_2.audience AS audience 
FROM post AS post_2 JOIN (SELECT newest.id AS id 
FROM (SELECT anon_3.id AS id 
FROM (SELECT organisation_2.id AS id 
FROM organisation AS organisation_2 
WHERE organisation_2.id = any(array((SELECT follow.organisation_id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.in_feed))) AND (organisation_2.suspended_at IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = organisation_2.id AND membership.ended_on IS NULL))) ORDER BY CASE WHEN (organisation_2.last_post_id < $2::UUID) THEN organisation_2.last_post_id ELSE (SELECT post.id 
FROM post 
WHERE post.organisation_id = organisation_2.id AND post.audience != 'ORGANISATION' AND post.id < $2::UUID ORDER BY post.id DESC 
 LIMIT 1) END DESC NULLS LAST 
 LIMIT $1::INTEGER + 1) AS followed JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = followed.id AND post.audience != 'ORGANISATION' AND post.id < $2::UUID ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_3 ON true UNION ALL SELECT anon_4.id AS id 
FROM (SELECT follow.organisation_id AS id 
FROM follow JOIN membership ON membership.organisation_id = follow.organisation_id AND membership.person_id = follow.person_id AND membership.ended_on IS NULL 
WHERE follow.person_id = viewer.id AND follow.in_feed) AS own JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = own.id AND post.audience = 'ORGANISATION' AND post.id < $2::UUID ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_4 ON true) AS newest 
WHERE newest.id < $2::UUID ORDER BY newest.id DESC 
 LIMIT $1::INTEGER + 1) AS shown ON shown.id = post_2.id 
WHERE post_2.id < $2::UUID ORDER BY post_2.id DESC 
 LIMIT $1::INTEGER + 1) AS t3 
WHERE (t3."audience" = 'PUBLIC' OR t3."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t3."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t3."organisation_id")) OR t3."audience" IN ('FOLLOWERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t3."organisation_id" AND membership.ended_on IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t3_organisation 
WHERE t3_organisation."id" = t3."organisation_id" AND (t3_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t3_organisation."id" AND membership.ended_on IS NULL)))))) AS w4) AS p1 
HAVING true), 'UTF8') AS json_0 
FROM viewer
