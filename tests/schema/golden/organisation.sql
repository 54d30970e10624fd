WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_1 
FROM block 
WHERE block.person_id = who.id UNION ALL SELECT block.person_id 
FROM block 
WHERE block.blocked_person_id = who.id UNION ALL SELECT block.person_id 
FROM block JOIN membership ON membership.organisation_id = block.organisation_id 
WHERE membership.person_id = who.id AND membership.ended_on IS NULL)) AS hidden, coalesce((SELECT person.is_moderator 
FROM person 
WHERE person.id = who.id AND person.suspended_at IS NULL), false) AS is_moderator, $2::BYTEA AS secret_hash 
FROM (SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_1 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $2::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $2::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id
 LIMIT ALL OFFSET 0) AS who)
 SELECT viewer.id AS viewer, convert_to((SELECT concat('{"id":"org_', t1."id", '","name":', json_scalar(t1."name"), ',"viewerFollows":', CAST(EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t1."id") AS TEXT), ',"viewerRole":', coalesce(json_scalar((SELECT membership.role 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t1."id" AND membership.ended_on IS NULL)), 'null'), '}') AS concat_1 
FROM (SELECT organisation.id AS id, organisation.name AS name, organisation.suspended_at AS suspended_at 
FROM organisation 
WHERE organisation.slug = $1::VARCHAR) AS t1 
WHERE ((t1."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t1."id" AND membership.ended_on IS NULL))) AND t1."id" != ALL (viewer.hidden) OR viewer.is_moderator)), 'UTF8') AS json_0 
FROM viewer
