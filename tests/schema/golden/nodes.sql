WITH viewer AS materialized 
(SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_1 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $3::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $3::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id)
 SELECT viewer.id AS viewer, convert_to((SELECT concat('[', string_agg(coalesce(CASE WHEN (u1."prefix" = 'per') THEN (SELECT concat('{"__typename":"Person","id":"per_', t2."id", '"}') AS concat_2 
FROM (SELECT person.id AS id, person.visibility AS visibility, person.deactivated_at AS deactivated_at 
FROM person 
WHERE person.id = u1."id") AS t2 
WHERE t2."deactivated_at" IS NULL AND (t2."visibility" = 'PUBLIC' OR t2."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t2."id" = viewer.id OR t2."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t2."id" AND membership_2.ended_on IS NULL)))) WHEN (u1."prefix" = 'mem') THEN (SELECT concat('{"__typename":"Membership","id":"mem_', t3."id", '"}') AS concat_3 
FROM (SELECT membership.id AS id, membership.person_id AS person_id, membership.organisation_id AS organisation_id 
FROM membership 
WHERE membership.id = u1."id") AS t3 
WHERE (EXISTS (SELECT 1 
FROM person AS t3_person 
WHERE t3_person."id" = t3."person_id" AND t3_person."deactivated_at" IS NULL AND (t3_person."visibility" = 'PUBLIC' OR t3_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t3_person."id" = viewer.id OR t3_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_3.id 
FROM membership AS membership_3 JOIN membership AS membership_4 ON membership_4.organisation_id = membership_3.organisation_id 
WHERE membership_3.person_id = viewer.id AND membership_3.ended_on IS NULL AND membership_4.person_id = t3_person."id" AND membership_4.ended_on IS NULL))))) AND (EXISTS (SELECT 1 
FROM organisation AS t3_organisation 
WHERE t3_organisation."id" = t3."organisation_id" AND (t3_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t3_organisation."id" AND membership.ended_on IS NULL)))))) WHEN (u1."prefix" = 'org') THEN (SELECT concat('{"__typename":"Organisation","id":"org_', t4."id", '"}') AS concat_4 
FROM (SELECT organisation.id AS id, organisation.suspended_at AS suspended_at 
FROM organisation 
WHERE organisation.id = u1."id") AS t4 
WHERE t4."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t4."id" AND membership.ended_on IS NULL))) WHEN (u1."prefix" = 'str') THEN (SELECT concat('{"__typename":"OrganisationStrength","id":"str_', t5."id", '"}') AS concat_5 
FROM (SELECT organisation_strength.id AS id, organisation_strength.organisation_id AS organisation_id 
FROM organisation_strength 
WHERE organisation_strength.id = u1."id") AS t5 
WHERE EXISTS (SELECT 1 
FROM organisation AS t5_organisation 
WHERE t5_organisation."id" = t5."organisation_id" AND (t5_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t5_organisation."id" AND membership.ended_on IS NULL))))) WHEN (u1."prefix" = 'skl') THEN (SELECT concat('{"__typename":"Skill","id":"skl_', t6."id", '"}') AS concat_6 
FROM (SELECT skill.id AS id 
FROM skill 
WHERE skill.id = u1."id") AS t6) WHEN (u1."prefix" = 'scl') THEN (SELECT concat('{"__typename":"SkillCluster","id":"scl_', t7."id", '"}') AS concat_7 
FROM (SELECT skill_cluster.id AS id 
FROM skill_cluster 
WHERE skill_cluster.id = u1."id") AS t7) WHEN (u1."prefix" = 'sdm') THEN (SELECT concat('{"__typename":"SkillDomain","id":"sdm_', t8."id", '"}') AS concat_8 
FROM (SELECT skill_domain.id AS id 
FROM skill_domain 
WHERE skill_domain.id = u1."id") AS t8) WHEN (u1."prefix" = 'psk') THEN (SELECT concat('{"__typename":"PersonSkill","id":"psk_', t9."id", '"}') AS concat_9 
FROM (SELECT person_skill.id AS id, person_skill.person_id AS person_id 
FROM person_skill 
WHERE person_skill.id = u1."id") AS t9 
WHERE EXISTS (SELECT 1 
FROM person AS t9_person 
WHERE t9_person."id" = t9."person_id" AND t9_person."deactivated_at" IS NULL AND (t9_person."visibility" = 'PUBLIC' OR t9_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t9_person."id" = viewer.id OR t9_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_5.id 
FROM membership AS membership_5 JOIN membership AS membership_6 ON membership_6.organisation_id = membership_5.organisation_id 
WHERE membership_5.person_id = viewer.id AND membership_5.ended_on IS NULL AND membership_6.person_id = t9_person."id" AND membership_6.ended_on IS NULL))))) WHEN (u1."prefix" = 'pst') THEN (SELECT concat('{"__typename":"Post","id":"pst_', t10."id", '"}') AS concat_10 
FROM (SELECT post.id AS id, post.organisation_id AS organisation_id, post.audience AS audience 
FROM post 
WHERE post.id = u1."id") AS t10 
WHERE (t10."audience" = 'PUBLIC' OR t10."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t10."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t10."organisation_id")) OR t10."audience" IN ('FOLLOWERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t10."organisation_id" AND membership.ended_on IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t10_organisation 
WHERE t10_organisation."id" = t10."organisation_id" AND (t10_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t10_organisation."id" AND membership.ended_on IS NULL)))))) WHEN (u1."prefix" = 'com') THEN (SELECT concat('{"__typename":"Comment","id":"com_', t11."id", '"}') AS concat_11 
FROM (SELECT comment.id AS id, comment.post_id AS post_id 
FROM comment 
WHERE comment.id = u1."id") AS t11 
WHERE EXISTS (SELECT 1 
FROM post AS t11_post 
WHERE t11_post."id" = t11."post_id" AND (t11_post."audience" = 'PUBLIC' OR t11_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t11_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t11_post."organisation_id")) OR t11_post."audience" IN ('FOLLOWERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t11_post."organisation_id" AND membership.ended_on IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t11_post_organisation 
WHERE t11_post_organisation."id" = t11_post."organisation_id" AND (t11_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t11_post_organisation."id" AND membership.ended_on IS NULL))))))) WHEN (u1."prefix" = 'rea') THEN (SELECT concat('{"__typename":"Reaction","id":"rea_', t12."id", '"}') AS concat_12 
FROM (SELECT reaction.id AS id, reaction.post_id AS post_id 
FROM reaction 
WHERE reaction.id = u1."id") AS t12 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = t12_post_organisation."id" AND membership.ended_on IS NULL))))))) ELSE NULL END, 'null'), ',' ORDER BY u1."n" ASC), ']') AS concat_1 
FROM unnest($1::TEXT[], $2::UUID[]) WITH ORDINALITY AS u1(prefix, id, n)), 'UTF8') AS json_0 
FROM viewer
