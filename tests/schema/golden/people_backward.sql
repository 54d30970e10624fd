WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_1 
FROM block 
WHERE block.person_id = who.id UNION ALL SELECT block.person_id 
FROM block 
WHERE block.blocked_person_id = who.id UNION ALL SELECT block.person_id 
FROM block JOIN membership ON membership.organisation_id = block.organisation_id 
WHERE membership.person_id = who.id AND membership.ended_on IS NULL)) AS hidden, coalesce((SELECT person.is_moderator 
FROM person 
WHERE person.id = who.id AND person.suspended_at IS NULL), false) AS is_moderator, $4::BYTEA AS secret_hash 
FROM (SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_1 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $4::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $4::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id
 LIMIT ALL OFFSET 0) AS who)
 SELECT viewer.id AS viewer, convert_to((SELECT concat('{"totalCount":', (SELECT count(*) AS count_1 
FROM (SELECT person.id AS id, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person) AS t2 
WHERE t2."deactivated_at" IS NULL AND ((t2."suspended_at" IS NULL OR t2."id" = viewer.id) AND t2."id" != ALL (viewer.hidden) AND (t2."visibility" = 'PUBLIC' OR t2."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t2."id" = viewer.id OR t2."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t2."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t2."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t2."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t2."id"))))), ',"nodes":[', string_agg(CASE WHEN (p1."n" <= $1::INTEGER) THEN concat('{"name":', json_scalar(p1."name"), '}') END, ',' ORDER BY p1."name" ASC, p1."id" ASC), ']}') AS concat_1 
FROM (SELECT w4.id AS id, w4.name AS name, row_number() OVER (ORDER BY w4.name DESC, w4.id DESC) AS n 
FROM (SELECT t3."id" AS id, t3."name" AS name 
FROM (SELECT person.id AS id, person.name AS name, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person) AS t3 
WHERE t3."deactivated_at" IS NULL AND ((t3."suspended_at" IS NULL OR t3."id" = viewer.id) AND t3."id" != ALL (viewer.hidden) AND (t3."visibility" = 'PUBLIC' OR t3."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t3."id" = viewer.id OR t3."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t3."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t3."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t3."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t3."id")))) AND (t3."name", t3."id") < ($2::VARCHAR, $3::UUID) ORDER BY t3."name" DESC, t3."id" DESC 
 LIMIT $1::INTEGER + 1) AS w4) AS p1 
HAVING true), 'UTF8') AS json_0 
FROM viewer
