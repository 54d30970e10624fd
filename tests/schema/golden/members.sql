WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_1 
FROM block 
WHERE block.person_id = who.id UNION ALL SELECT block.person_id 
FROM block 
WHERE block.blocked_person_id = who.id UNION ALL SELECT block.person_id 
FROM block JOIN membership ON membership.organisation_id = block.organisation_id 
WHERE membership.person_id = who.id AND membership.ended_on IS NULL)) AS hidden, coalesce((SELECT person.is_moderator 
FROM person 
WHERE person.id = who.id AND person.suspended_at IS NULL), false) AS is_moderator, $3::BYTEA AS secret_hash 
FROM (SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_1 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $3::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $3::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id
 LIMIT ALL OFFSET 0) AS who)
 SELECT viewer.id AS viewer, convert_to((SELECT concat('{"nodes":[', string_agg(CASE WHEN (p1."n" <= $1::INTEGER) THEN concat('{"members":', (SELECT concat('{"nodes":[', string_agg(CASE WHEN (p2."n" <= $2::INTEGER) THEN concat('{"role":', json_scalar(p2."role"), ',"person":{"name":', json_scalar(p2."person_id.name"), '}}') END, ',' ORDER BY p2."id" DESC), ']}') AS concat_2 
FROM (SELECT w4.id AS id, w4.person_id AS person_id, w4."person_id.name" AS "person_id.name", w4.role AS role, row_number() OVER (ORDER BY w4.id DESC) AS n 
FROM (SELECT t3."id" AS id, t3."person_id" AS person_id, t3_person."name" AS "person_id.name", t3."role" AS role 
FROM (SELECT membership.id AS id, membership.person_id AS person_id, membership.role AS role 
FROM membership 
WHERE membership.organisation_id = p1."id" AND membership.ended_on IS NULL) AS t3 JOIN person AS t3_person ON t3_person."id" = t3."person_id" 
WHERE t3_person."deactivated_at" IS NULL AND ((t3_person."suspended_at" IS NULL OR t3_person."id" = viewer.id) AND t3_person."id" != ALL (viewer.hidden) AND (t3_person."visibility" = 'PUBLIC' OR t3_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t3_person."id" = viewer.id OR t3_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t3_person."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t3_person."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t3_person."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t3_person."id")))) ORDER BY t3."id" DESC 
 LIMIT $2::INTEGER + 1) AS w4) AS p2 
HAVING true), '}') END, ',' ORDER BY p1."name" ASC, p1."id" ASC), ']}') AS concat_1 
FROM (SELECT w6.id AS id, w6.name AS name, row_number() OVER (ORDER BY w6.name ASC, w6.id ASC) AS n 
FROM (SELECT t5."id" AS id, t5."name" AS name 
FROM (SELECT organisation.id AS id, organisation.name AS name, organisation.suspended_at AS suspended_at 
FROM organisation) AS t5 
WHERE ((t5."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t5."id" AND membership.ended_on IS NULL))) AND t5."id" != ALL (viewer.hidden) OR viewer.is_moderator) ORDER BY t5."name" ASC, t5."id" ASC 
 LIMIT $1::INTEGER + 1) AS w6) AS p1 
HAVING true), 'UTF8') AS json_0 
FROM viewer
