WITH viewer AS materialized 
(SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_1 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $5::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $5::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id)
 SELECT viewer.id AS viewer, convert_to(CASE WHEN ($1::VARCHAR = 'per') THEN (SELECT concat('{"id":"per_', t1."id", '"}') AS concat_1 
FROM (SELECT person.id AS id, person.visibility AS visibility, person.deactivated_at AS deactivated_at 
FROM person 
WHERE person.id = $2::UUID) AS t1 
WHERE t1."deactivated_at" IS NULL AND (t1."visibility" = 'PUBLIC' OR t1."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t1."id" = viewer.id OR t1."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t1."id" AND membership_2.ended_on IS NULL)))) WHEN ($1::VARCHAR = 'mem') THEN (SELECT concat('{"id":"mem_', t2."id", '"}') AS concat_2 
FROM (SELECT membership.id AS id, membership.person_id AS person_id, membership.organisation_id AS organisation_id 
FROM membership 
WHERE membership.id = $2::UUID) AS t2 
WHERE (EXISTS (SELECT 1 
FROM person AS t2_person 
WHERE t2_person."id" = t2."person_id" AND t2_person."deactivated_at" IS NULL AND (t2_person."visibility" = 'PUBLIC' OR t2_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t2_person."id" = viewer.id OR t2_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_3.id 
FROM membership AS membership_3 JOIN membership AS membership_4 ON membership_4.organisation_id = membership_3.organisation_id 
WHERE membership_3.person_id = viewer.id AND membership_3.ended_on IS NULL AND membership_4.person_id = t2_person."id" AND membership_4.ended_on IS NULL))))) AND (EXISTS (SELECT 1 
FROM organisation AS t2_organisation 
WHERE t2_organisation."id" = t2."organisation_id" AND (t2_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t2_organisation."id" AND membership.ended_on IS NULL)))))) WHEN ($1::VARCHAR = 'org') THEN (SELECT concat('{"id":"org_', t3."id", '"}') AS concat_3 
FROM (SELECT organisation.id AS id, organisation.suspended_at AS suspended_at 
FROM organisation 
WHERE organisation.id = $2::UUID) AS t3 
WHERE t3."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t3."id" AND membership.ended_on IS NULL))) WHEN ($1::VARCHAR = 'str') THEN (SELECT concat('{"id":"str_', t4."id", '"}') AS concat_4 
FROM (SELECT organisation_strength.id AS id, organisation_strength.organisation_id AS organisation_id 
FROM organisation_strength 
WHERE organisation_strength.id = $2::UUID) AS t4 
WHERE EXISTS (SELECT 1 
FROM organisation AS t4_organisation 
WHERE t4_organisation."id" = t4."organisation_id" AND (t4_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t4_organisation."id" AND membership.ended_on IS NULL))))) WHEN ($1::VARCHAR = 'skl') THEN (SELECT concat('{"id":"skl_', t5."id", '"}') AS concat_5 
FROM (SELECT skill.id AS id 
FROM skill 
WHERE skill.id = $2::UUID) AS t5) WHEN ($1::VARCHAR = 'scl') THEN (SELECT concat('{"id":"scl_', t6."id", '"}') AS concat_6 
FROM (SELECT skill_cluster.id AS id 
FROM skill_cluster 
WHERE skill_cluster.id = $2::UUID) AS t6) WHEN ($1::VARCHAR = 'sdm') THEN (SELECT concat('{"id":"sdm_', t7."id", '"}') AS concat_7 
FROM (SELECT skill_domain.id AS id 
FROM skill_domain 
WHERE skill_domain.id = $2::UUID) AS t7) WHEN ($1::VARCHAR = 'psk') THEN (SELECT concat('{"id":"psk_', t8."id", '"}') AS concat_8 
FROM (SELECT person_skill.id AS id, person_skill.person_id AS person_id 
FROM person_skill 
WHERE person_skill.id = $2::UUID) AS t8 
WHERE EXISTS (SELECT 1 
FROM person AS t8_person 
WHERE t8_person."id" = t8."person_id" AND t8_person."deactivated_at" IS NULL AND (t8_person."visibility" = 'PUBLIC' OR t8_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t8_person."id" = viewer.id OR t8_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_5.id 
FROM membership AS membership_5 JOIN membership AS membership_6 ON membership_6.organisation_id = membership_5.organisation_id 
WHERE membership_5.person_id = viewer.id AND membership_5.ended_on IS NULL AND membership_6.person_id = t8_person."id" AND membership_6.ended_on IS NULL))))) WHEN ($1::VARCHAR = 'pst') THEN (SELECT concat('{"id":"pst_', t9."id", '","comments":', (SELECT concat('{"nodes":[', string_agg(CASE WHEN (p10."n" <= $3::INTEGER) THEN concat('{"body":', json_scalar(p10."body"), ',"replies":', (SELECT concat('{"nodes":[', string_agg(CASE WHEN (p11."n" <= $4::INTEGER) THEN concat('{"body":', json_scalar(p11."body"), ',"parent":', coalesce((SELECT concat('{"id":"com_', t12."id", '"}') AS concat_12 
FROM (SELECT comment.id AS id, comment.post_id AS post_id 
FROM comment 
WHERE comment.id = p11."parent_id") AS t12 
WHERE EXISTS (SELECT 1 
FROM post AS t12_post 
WHERE t12_post."id" = t12."post_id" AND (t12_post."audience" = 'PUBLIC' OR t12_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t12_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t12_post."organisation_id")) OR t12_post."audience" IN ('FOLLOWERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t12_post."organisation_id" AND membership.ended_on IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t12_post_organisation 
WHERE t12_post_organisation."id" = t12_post."organisation_id" AND (t12_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t12_post_organisation."id" AND membership.ended_on IS NULL))))))), 'null'), '}') END, ',' ORDER BY p11."id" ASC), ']}') AS concat_11 
FROM (SELECT w14."body" AS body, w14."id" AS id, w14."parent_id" AS parent_id, row_number() OVER (ORDER BY w14."id" ASC) AS n 
FROM (SELECT t13."body" AS body, t13."id" AS id, t13."parent_id" AS parent_id 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.parent_id AS parent_id, comment.body AS body 
FROM comment 
WHERE comment.parent_id = p10."id") AS t13 
WHERE EXISTS (SELECT 1 
FROM post AS t13_post 
WHERE t13_post."id" = t13."post_id" AND (t13_post."audience" = 'PUBLIC' OR t13_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t13_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t13_post."organisation_id")) OR t13_post."audience" IN ('FOLLOWERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t13_post."organisation_id" AND membership.ended_on IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t13_post_organisation 
WHERE t13_post_organisation."id" = t13_post."organisation_id" AND (t13_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t13_post_organisation."id" AND membership.ended_on IS NULL)))))) ORDER BY t13."id" ASC 
 LIMIT $4::INTEGER + 1) AS w14) AS p11 
HAVING true), '}') END, ',' ORDER BY p10."id" ASC), ']}') AS concat_10 
FROM (SELECT w16."body" AS body, w16."id" AS id, row_number() OVER (ORDER BY w16."id" ASC) AS n 
FROM (SELECT t15."body" AS body, t15."id" AS id 
FROM (SELECT comment.id AS id, comment.body AS body 
FROM comment 
WHERE comment.post_id = t9."id" AND comment.parent_id IS NULL) AS t15 ORDER BY t15."id" ASC 
 LIMIT $3::INTEGER + 1) AS w16) AS p10 
HAVING true), '}') AS concat_9 
FROM (SELECT post.id AS id, post.organisation_id AS organisation_id, post.audience AS audience 
FROM post 
WHERE post.id = $2::UUID) AS t9 
WHERE (t9."audience" = 'PUBLIC' OR t9."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t9."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t9."organisation_id")) OR t9."audience" IN ('FOLLOWERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t9."organisation_id" AND membership.ended_on IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t9_organisation 
WHERE t9_organisation."id" = t9."organisation_id" AND (t9_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t9_organisation."id" AND membership.ended_on IS NULL)))))) WHEN ($1::VARCHAR = 'com') THEN (SELECT concat('{"id":"com_', t17."id", '"}') AS concat_13 
FROM (SELECT comment.id AS id, comment.post_id AS post_id 
FROM comment 
WHERE comment.id = $2::UUID) AS t17 
WHERE EXISTS (SELECT 1 
FROM post AS t17_post 
WHERE t17_post."id" = t17."post_id" AND (t17_post."audience" = 'PUBLIC' OR t17_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t17_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t17_post."organisation_id")) OR t17_post."audience" IN ('FOLLOWERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t17_post."organisation_id" AND membership.ended_on IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t17_post_organisation 
WHERE t17_post_organisation."id" = t17_post."organisation_id" AND (t17_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t17_post_organisation."id" AND membership.ended_on IS NULL))))))) WHEN ($1::VARCHAR = 'rea') THEN (SELECT concat('{"id":"rea_', t18."id", '"}') AS concat_14 
FROM (SELECT reaction.id AS id, reaction.post_id AS post_id 
FROM reaction 
WHERE reaction.id = $2::UUID) AS t18 
WHERE EXISTS (SELECT 1 
FROM post AS t18_post 
WHERE t18_post."id" = t18."post_id" AND (t18_post."audience" = 'PUBLIC' OR t18_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t18_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t18_post."organisation_id")) OR t18_post."audience" IN ('FOLLOWERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t18_post."organisation_id" AND membership.ended_on IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t18_post_organisation 
WHERE t18_post_organisation."id" = t18_post."organisation_id" AND (t18_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t18_post_organisation."id" AND membership.ended_on IS NULL))))))) ELSE NULL END, 'UTF8') AS json_0 
FROM viewer
