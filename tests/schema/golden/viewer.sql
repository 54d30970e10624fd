WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_1 
FROM block 
WHERE block.person_id = who.id UNION ALL SELECT block.person_id 
FROM block 
WHERE block.blocked_person_id = who.id UNION ALL SELECT block.person_id 
FROM block JOIN membership ON membership.organisation_id = block.organisation_id 
WHERE membership.person_id = who.id AND membership.ended_on IS NULL)) AS hidden, coalesce((SELECT person.is_moderator 
FROM person 
WHERE person.id = who.id AND person.suspended_at IS NULL), false) AS is_moderator, $1::BYTEA AS secret_hash 
FROM (SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_1 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $1::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $1::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id
 LIMIT ALL OFFSET 0) AS who)
 SELECT viewer.id AS viewer, convert_to((SELECT concat('{"id":"per_', t1."id", '","name":', json_scalar(t1."name"), ',"email":', coalesce(json_scalar(CASE WHEN (t1."id" = viewer.id) THEN t1."email" ELSE NULL END), 'null'), '}') AS concat_1 
FROM (SELECT person.id AS id, person.email AS email, person.name AS name, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person 
WHERE person.id = viewer.id) AS t1 
WHERE t1."deactivated_at" IS NULL AND ((t1."suspended_at" IS NULL OR t1."id" = viewer.id) AND t1."id" != ALL (viewer.hidden) AND (t1."visibility" = 'PUBLIC' OR t1."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t1."id" = viewer.id OR t1."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t1."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t1."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t1."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t1."id"))))), 'UTF8') AS json_0 
FROM viewer
