WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_2 
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
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_5 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $2::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $2::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id
 LIMIT ALL OFFSET 0) AS who)
 SELECT viewer.id AS viewer, convert_to((SELECT concat('{"edges":[', string_agg(CASE WHEN (p1."n" <= $1::INTEGER) THEN concat('{"cursor":"', p1."id", '","node":{"id":"pst_', p1."id", '","body":', json_scalar(p1."body"), ',"author":', coalesce((SELECT concat('{"name":', json_scalar(t2."name"), '}') AS concat_2 
FROM (SELECT person.id AS id, person.name AS name, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person 
WHERE person.id = p1."author_id") AS t2 
WHERE t2."deactivated_at" IS NULL AND ((t2."suspended_at" IS NULL OR t2."id" = viewer.id) AND t2."id" != ALL (viewer.hidden) AND (t2."visibility" = 'PUBLIC' OR t2."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t2."id" = viewer.id OR t2."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t2."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t2."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t2."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t2."id"))))), 'null'), ',"organisation":{"name":', json_scalar(p1."organisation_id.name"), '},"viewerReaction":', coalesce(json_scalar((SELECT reaction.kind 
FROM reaction 
WHERE reaction.post_id = p1."id" AND reaction.person_id = viewer.id)), 'null'), '}}') END, ',' ORDER BY p1."id" DESC), '],"pageInfo":{"hasNextPage":', CAST(count(*) > $1::INTEGER AS TEXT), ',"endCursor":', coalesce(json_scalar(CASE WHEN (count(*) > 0) THEN CAST((array_agg(p1."id" ORDER BY p1."id" DESC))[least(count(*), $1::INTEGER)] AS TEXT) END), 'null'), '}}') AS concat_1 
FROM (SELECT w4.author_id AS author_id, w4.body AS body, w4.id AS id, w4.organisation_id AS organisation_id, w4."organisation_id.name" AS "organisation_id.name", row_number() OVER (ORDER BY w4.id DESC) AS n 
FROM (SELECT t3."author_id" AS author_id, t3."body" AS body, t3."id" AS id, t3."organisation_id" AS organisation_id, t3_organisation."name" AS "organisation_id.name" 
FROM (SELECT post_1.id AS id, post_1.organisation_id AS organisation_id, post_1.author_id AS author_id, post_1.body AS body, post_1.audience AS audience, post_1.hidden_at AS hidden_at 
FROM post AS post_1 JOIN (SELECT newest.id AS id 
FROM (SELECT array((SELECT coalesce(mute.organisation_id, mute.muted_person_id, mute.skill_id) AS coalesce_1 
FROM mute 
WHERE mute.person_id = viewer.id)) AS muted, array((SELECT follow.organisation_id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.in_feed)) AS organisations, array((SELECT person_follow.followed_id 
FROM person_follow 
WHERE person_follow.person_id = viewer.id AND person_follow.in_feed)) AS people, array((SELECT skill_follow.skill_id 
FROM skill_follow 
WHERE skill_follow.person_id = viewer.id AND skill_follow.in_feed)) AS skills, array((SELECT membership.organisation_id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.ended_on IS NULL)) AS works_at, array((SELECT partnership.addressee_id 
FROM partnership JOIN membership ON membership.organisation_id = partnership.requester_id 
WHERE membership.person_id = viewer.id AND membership.ended_on IS NULL AND partnership.status = 'ACTIVE' UNION ALL SELECT partnership.requester_id 
FROM partnership JOIN membership ON membership.organisation_id = partnership.addressee_id 
WHERE membership.person_id = viewer.id AND membership.ended_on IS NULL AND partnership.status = 'ACTIVE')) AS partners
 LIMIT ALL OFFSET 0) AS reader JOIN LATERAL (SELECT anon_1.id AS id 
FROM (SELECT organisation_1.id AS id 
FROM organisation AS organisation_1 
WHERE organisation_1.id = any(reader."organisations") AND (organisation_1.suspended_at IS NULL OR organisation_1.id = any(reader."works_at")) AND organisation_1.id != ALL (viewer.hidden) AND organisation_1.id != ALL (reader."muted") ORDER BY CASE WHEN (cardinality(viewer.hidden) = 0 AND CASE WHEN (cardinality(reader."muted") = 0) THEN true ELSE NOT (EXISTS (SELECT mute.id 
FROM mute 
WHERE mute.person_id = viewer.id AND mute.organisation_id IS NULL)) END) THEN organisation_1.last_post_id ELSE (SELECT post.id 
FROM post 
WHERE post.organisation_id = organisation_1.id AND post.audience != 'PARTNERS' AND post.audience != 'ORGANISATION' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.author_id != ALL (reader."muted") AND CASE WHEN (cardinality(reader."muted") = 0) THEN true ELSE NOT (EXISTS (SELECT post_skill_1.skill_id 
FROM post_skill AS post_skill_1 
WHERE post_skill_1.post_id = post.id AND post_skill_1.skill_id = any(reader."muted"))) END ORDER BY post.id DESC 
 LIMIT 1) END DESC NULLS LAST 
 LIMIT $1::INTEGER + 1) AS followed JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = followed.id AND post.audience != 'PARTNERS' AND post.audience != 'ORGANISATION' AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.author_id != ALL (reader."muted") AND CASE WHEN (cardinality(reader."muted") = 0) THEN true ELSE NOT (EXISTS (SELECT post_skill_1.skill_id 
FROM post_skill AS post_skill_1 
WHERE post_skill_1.post_id = post.id AND post_skill_1.skill_id = any(reader."muted"))) END ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_1 ON true UNION ALL SELECT anon_2.id AS id 
FROM (SELECT organisation_2.id AS id 
FROM organisation AS organisation_2 
WHERE organisation_2.id = any(array_cat(reader."works_at", reader."partners")) AND organisation_2.id = any(reader."organisations") AND (organisation_2.suspended_at IS NULL OR organisation_2.id = any(reader."works_at")) AND organisation_2.id != ALL (viewer.hidden) AND organisation_2.id != ALL (reader."muted")) AS few JOIN LATERAL (SELECT post.id AS id 
FROM post 
WHERE post.organisation_id = few.id AND (post.audience = 'PARTNERS' OR post.audience = 'ORGANISATION') AND (post.audience = 'PARTNERS' OR post.organisation_id = any(reader."works_at")) AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.author_id != ALL (reader."muted") AND CASE WHEN (cardinality(reader."muted") = 0) THEN true ELSE NOT (EXISTS (SELECT post_skill_1.skill_id 
FROM post_skill AS post_skill_1 
WHERE post_skill_1.post_id = post.id AND post_skill_1.skill_id = any(reader."muted"))) END ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_2 ON true UNION ALL SELECT anon_3.id AS id 
FROM (SELECT people.id AS id 
FROM unnest(reader."people") AS people(id) ORDER BY (SELECT post.id 
FROM post 
WHERE post.author_id = people.id AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.author_id != ALL (reader."muted") AND CASE WHEN (cardinality(reader."muted") = 0) THEN true ELSE NOT (EXISTS (SELECT post_skill_2.skill_id 
FROM post_skill AS post_skill_2 
WHERE post_skill_2.post_id = post.id AND post_skill_2.skill_id = any(reader."muted"))) END AND post.organisation_id != ALL (reader."muted") AND post.organisation_id != ALL (viewer.hidden) AND CASE WHEN (post.organisation_id = any(reader."works_at")) THEN true WHEN (post.audience = 'ORGANISATION') THEN post.organisation_id = any(reader."works_at") WHEN (post.audience = 'PARTNERS') THEN post.organisation_id = any(reader."partners") WHEN (post.audience = 'FOLLOWERS') THEN EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = post.organisation_id) ELSE true END AND CASE WHEN (post.organisation_id = any(reader."works_at")) THEN true ELSE EXISTS (SELECT organisation_3.id 
FROM organisation AS organisation_3 
WHERE organisation_3.id = post.organisation_id AND organisation_3.suspended_at IS NULL) END ORDER BY post.id DESC 
 LIMIT 1) DESC NULLS LAST 
 LIMIT $1::INTEGER + 1) AS writers JOIN LATERAL (SELECT post.id AS id, post.organisation_id AS organisation_id 
FROM post 
WHERE post.author_id = writers.id AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.author_id != ALL (reader."muted") AND CASE WHEN (cardinality(reader."muted") = 0) THEN true ELSE NOT (EXISTS (SELECT post_skill_3.skill_id 
FROM post_skill AS post_skill_3 
WHERE post_skill_3.post_id = post.id AND post_skill_3.skill_id = any(reader."muted"))) END AND post.organisation_id != ALL (reader."muted") AND post.organisation_id != ALL (viewer.hidden) AND CASE WHEN (post.organisation_id = any(reader."works_at")) THEN true WHEN (post.audience = 'ORGANISATION') THEN post.organisation_id = any(reader."works_at") WHEN (post.audience = 'PARTNERS') THEN post.organisation_id = any(reader."partners") WHEN (post.audience = 'FOLLOWERS') THEN EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = post.organisation_id) ELSE true END AND CASE WHEN (post.organisation_id = any(reader."works_at")) THEN true ELSE EXISTS (SELECT organisation_4.id 
FROM organisation AS organisation_4 
WHERE organisation_4.id = post.organisation_id AND organisation_4.suspended_at IS NULL) END ORDER BY post.id DESC 
 LIMIT $1::INTEGER + 1) AS anon_3 ON true 
WHERE anon_3.organisation_id != ALL (reader."organisations") UNION ALL SELECT anon_4.id AS id 
FROM unnest(reader."skills") AS skills(id) JOIN LATERAL (SELECT post_skill.post_id AS id, post.organisation_id AS organisation_id, post.author_id AS author_id 
FROM post_skill JOIN post ON post.id = post_skill.post_id 
WHERE post_skill.skill_id = skills.id AND post.hidden_at IS NULL AND post.author_id != ALL (viewer.hidden) AND post.author_id != ALL (reader."muted") AND CASE WHEN (cardinality(reader."muted") = 0) THEN true ELSE NOT (EXISTS (SELECT post_skill_4.skill_id 
FROM post_skill AS post_skill_4 
WHERE post_skill_4.post_id = post.id AND post_skill_4.skill_id = any(reader."muted"))) END AND post.organisation_id != ALL (reader."muted") AND post.organisation_id != ALL (viewer.hidden) AND CASE WHEN (post.organisation_id = any(reader."works_at")) THEN true WHEN (post.audience = 'ORGANISATION') THEN post.organisation_id = any(reader."works_at") WHEN (post.audience = 'PARTNERS') THEN post.organisation_id = any(reader."partners") WHEN (post.audience = 'FOLLOWERS') THEN EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = post.organisation_id) ELSE true END AND CASE WHEN (post.organisation_id = any(reader."works_at")) THEN true ELSE EXISTS (SELECT organisation_5.id 
FROM organisation AS organisation_5 
WHERE organisation_5.id = post.organisation_id AND organisation_5.suspended_at IS NULL) END ORDER BY id DESC 
 LIMIT $1::INTEGER + 1) AS anon_4 ON true 
WHERE anon_4.organisation_id != ALL (reader."organisations") AND anon_4.author_id != ALL (reader."people") GROUP BY anon_4.id) AS newest ON true ORDER BY newest.id DESC 
 LIMIT $1::INTEGER + 1) AS shown ON shown.id = post_1.id ORDER BY post_1.id DESC 
 LIMIT $1::INTEGER + 1) AS t3 JOIN organisation AS t3_organisation ON t3_organisation."id" = t3."organisation_id" 
WHERE ((t3."audience" = 'PUBLIC' OR t3."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t3."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t3."organisation_id")) OR t3."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t3."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t3."organisation_id" OR partnership.addressee_id = t3."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t3."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t3."organisation_id" AND membership.ended_on IS NULL))) AND (t3."hidden_at" IS NULL OR t3."author_id" = viewer.id) AND t3."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t3."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t3."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t3."id")))) AND ((t3_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t3_organisation."id" AND membership.ended_on IS NULL))) AND t3_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)) AS w4) AS p1 
HAVING true), 'UTF8') AS json_0 
FROM viewer
