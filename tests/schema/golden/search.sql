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
 SELECT viewer.id AS viewer, convert_to((SELECT concat('{"nodes":[', string_agg(CASE WHEN (p1."n" <= $1::INTEGER) THEN coalesce(CASE WHEN (p1."typename" = 'Organisation') THEN (SELECT concat('{"__typename":"Organisation","name":', json_scalar(t2."name"), '}') AS concat_2 
FROM (SELECT organisation.id AS id, organisation.name AS name, organisation.suspended_at AS suspended_at 
FROM organisation 
WHERE organisation.id = p1."id") AS t2 
WHERE ((t2."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t2."id" AND membership.ended_on IS NULL))) AND t2."id" != ALL (viewer.hidden) OR viewer.is_moderator)) WHEN (p1."typename" = 'Person') THEN (SELECT concat('{"__typename":"Person","name":', json_scalar(t3."name"), '}') AS concat_3 
FROM (SELECT person.id AS id, person.name AS name, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person 
WHERE person.id = p1."id") AS t3 
WHERE t3."deactivated_at" IS NULL AND ((t3."suspended_at" IS NULL OR t3."id" = viewer.id) AND t3."id" != ALL (viewer.hidden) AND (t3."visibility" = 'PUBLIC' OR t3."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t3."id" = viewer.id OR t3."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t3."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t3."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t3."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t3."id"))))) WHEN (p1."typename" = 'Skill') THEN (SELECT concat('{"__typename":"Skill","labelEn":', json_scalar(t4."label_en"), '}') AS concat_4 
FROM (SELECT skill.label_en AS label_en 
FROM skill 
WHERE skill.id = p1."id") AS t4) ELSE NULL END, 'null') END, ',' ORDER BY p1."name" ASC, p1."id" ASC), ']}') AS concat_1 
FROM (SELECT w9.id AS id, w9.name AS name, w9.typename AS typename, row_number() OVER (ORDER BY w9.name ASC, w9.id ASC) AS n 
FROM (SELECT t5."id" AS id, t5."name" AS name, t5."typename" AS typename 
FROM (SELECT found.typename AS typename, found.id AS id, found.name AS name 
FROM (SELECT 'Organisation' AS typename, organisation.id AS id, organisation.name AS name 
FROM organisation 
WHERE organisation.name ILIKE ('%' || replace(replace(replace($2::VARCHAR, '\', '\\'), '%', '\%'), '_', '\_') || '%') UNION ALL SELECT 'Person' AS typename, person.id AS id, person.name AS name 
FROM person 
WHERE person.name ILIKE ('%' || replace(replace(replace($2::VARCHAR, '\', '\\'), '%', '\%'), '_', '\_') || '%') UNION ALL SELECT 'Skill' AS typename, skill.id AS id, CAST(skill.label_en AS TEXT) AS name 
FROM skill 
WHERE EXISTS (SELECT skill_term.id 
FROM skill_term 
WHERE skill_term.skill_id = skill.id AND skill_term.folded ILIKE ('%' || replace(replace(replace(lower(unaccent($2::VARCHAR)), '\', '\\'), '%', '\%'), '_', '\_') || '%'))) AS found) AS t5 
WHERE t5."typename" = 'Organisation' AND (SELECT 1 
FROM (SELECT organisation.id AS id, organisation.suspended_at AS suspended_at 
FROM organisation 
WHERE organisation.id = t5."id") AS t6 
WHERE ((t6."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t6."id" AND membership.ended_on IS NULL))) AND t6."id" != ALL (viewer.hidden) OR viewer.is_moderator)) IS NOT NULL OR t5."typename" = 'Person' AND (SELECT 1 
FROM (SELECT person.id AS id, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person 
WHERE person.id = t5."id") AS t7 
WHERE t7."deactivated_at" IS NULL AND ((t7."suspended_at" IS NULL OR t7."id" = viewer.id) AND t7."id" != ALL (viewer.hidden) AND (t7."visibility" = 'PUBLIC' OR t7."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t7."id" = viewer.id OR t7."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t7."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t7."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t7."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t7."id"))))) IS NOT NULL OR t5."typename" = 'Skill' AND (SELECT 1 
FROM (SELECT skill.id AS id, skill.created_at AS created_at, skill.cluster_id AS cluster_id, skill.slug AS slug, skill.kind AS kind, skill.label_en AS label_en, skill.label_nl AS label_nl, skill.esco_uri AS esco_uri, skill.person_count AS person_count 
FROM skill 
WHERE skill.id = t5."id") AS t8) IS NOT NULL ORDER BY t5."name" ASC, t5."id" ASC 
 LIMIT $1::INTEGER + 1) AS w9) AS p1 
HAVING true), 'UTF8') AS json_0 
FROM viewer
