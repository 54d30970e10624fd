WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_1 
FROM block 
WHERE block.person_id = who.id UNION ALL SELECT block.person_id 
FROM block 
WHERE block.blocked_person_id = who.id UNION ALL SELECT block.person_id 
FROM block JOIN membership ON membership.organisation_id = block.organisation_id 
WHERE membership.person_id = who.id AND membership.ended_on IS NULL)) AS hidden, coalesce((SELECT person.is_moderator 
FROM person 
WHERE person.id = who.id AND person.suspended_at IS NULL), false) AS is_moderator, $6::BYTEA AS secret_hash 
FROM (SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_1 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $6::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $6::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id
 LIMIT ALL OFFSET 0) AS who)
 SELECT viewer.id AS viewer, convert_to((SELECT concat('{"nodes":[', string_agg(CASE WHEN (p1."n" <= $1::INTEGER) THEN concat('{"name":', json_scalar(p1."name"), ',"skills":', (SELECT concat('{"nodes":[', string_agg(CASE WHEN (p2."n" <= $2::INTEGER) THEN concat('{"level":', p2."level", ',"skill":', (SELECT concat('{"label":', json_scalar(CASE WHEN ($3::VARCHAR = 'NL') THEN t3."label_nl" ELSE t3."label_en" END), '}') AS concat_3 
FROM (SELECT skill.label_en AS label_en, skill.label_nl AS label_nl 
FROM skill 
WHERE skill.id = p2."skill_id") AS t3), '}') END, ',' ORDER BY p2."level" DESC, p2."id" DESC), ']}') AS concat_2 
FROM (SELECT w5.id AS id, w5.level AS level, w5.skill_id AS skill_id, row_number() OVER (ORDER BY w5.level DESC, w5.id DESC) AS n 
FROM (SELECT t4."id" AS id, t4."level" AS level, t4."skill_id" AS skill_id 
FROM (SELECT person_skill.id AS id, person_skill.skill_id AS skill_id, person_skill.level AS level 
FROM person_skill 
WHERE person_skill.person_id = p1."id") AS t4 ORDER BY t4."level" DESC, t4."id" DESC 
 LIMIT $2::INTEGER + 1) AS w5) AS p2 
HAVING true), '}') END, ',' ORDER BY p1."name" ASC, p1."id" ASC), ']}') AS concat_1 
FROM (SELECT w7.id AS id, w7.name AS name, row_number() OVER (ORDER BY w7.name ASC, w7.id ASC) AS n 
FROM (SELECT t6."id" AS id, t6."name" AS name 
FROM (SELECT person.id AS id, person.name AS name, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person 
WHERE person.id = any(array((SELECT person_skill.person_id 
FROM person_skill 
WHERE person_skill.skill_id = any($4::UUID[]) AND person_skill.level >= $5::INTEGER)))) AS t6 
WHERE t6."deactivated_at" IS NULL AND ((t6."suspended_at" IS NULL OR t6."id" = viewer.id) AND t6."id" != ALL (viewer.hidden) AND (t6."visibility" = 'PUBLIC' OR t6."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t6."id" = viewer.id OR t6."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t6."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t6."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t6."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t6."id")))) ORDER BY t6."name" ASC, t6."id" ASC 
 LIMIT $1::INTEGER + 1) AS w7) AS p1 
HAVING true), 'UTF8') AS json_0 
FROM viewer
