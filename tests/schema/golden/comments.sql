WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_1 
FROM block 
WHERE block.person_id = who.id UNION ALL SELECT block.person_id 
FROM block 
WHERE block.blocked_person_id = who.id UNION ALL SELECT block.person_id 
FROM block JOIN membership ON membership.organisation_id = block.organisation_id 
WHERE membership.person_id = who.id AND membership.ended_on IS NULL)) AS hidden, $5::BYTEA AS secret_hash 
FROM (SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_1 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $5::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $5::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id) AS who)
 SELECT viewer.id AS viewer, CASE WHEN ($1::VARCHAR = 'per') THEN (SELECT json_object('id' value 'per_' || CAST(t1."id" AS TEXT) returning json) AS json_object_1 
FROM (SELECT person.id AS id, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person 
WHERE person.id = $2::UUID) AS t1 
WHERE t1."deactivated_at" IS NULL AND (t1."suspended_at" IS NULL OR t1."id" = viewer.id) AND t1."id" != ALL (viewer.hidden) AND (t1."visibility" = 'PUBLIC' OR t1."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t1."id" = viewer.id OR t1."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t1."id" AND membership_2.ended_on IS NULL)))) WHEN ($1::VARCHAR = 'ses') THEN (SELECT json_object('id' value 'ses_' || CAST(t2."id" AS TEXT) returning json) AS json_object_2 
FROM (SELECT session.id AS id, session.person_id AS person_id 
FROM session 
WHERE session.id = $2::UUID) AS t2 
WHERE t2."person_id" = viewer.id) WHEN ($1::VARCHAR = 'tok') THEN (SELECT json_object('id' value 'tok_' || CAST(t3."id" AS TEXT) returning json) AS json_object_3 
FROM (SELECT access_token.id AS id, access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.id = $2::UUID) AS t3 
WHERE t3."person_id" = viewer.id) WHEN ($1::VARCHAR = 'mem') THEN (SELECT json_object('id' value 'mem_' || CAST(t4."id" AS TEXT) returning json) AS json_object_4 
FROM (SELECT membership.id AS id, membership.person_id AS person_id, membership.organisation_id AS organisation_id 
FROM membership 
WHERE membership.id = $2::UUID) AS t4 
WHERE (EXISTS (SELECT 1 
FROM person AS t4_person 
WHERE t4_person."id" = t4."person_id" AND t4_person."deactivated_at" IS NULL AND (t4_person."suspended_at" IS NULL OR t4_person."id" = viewer.id) AND t4_person."id" != ALL (viewer.hidden) AND (t4_person."visibility" = 'PUBLIC' OR t4_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t4_person."id" = viewer.id OR t4_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_3.id 
FROM membership AS membership_3 JOIN membership AS membership_4 ON membership_4.organisation_id = membership_3.organisation_id 
WHERE membership_3.person_id = viewer.id AND membership_3.ended_on IS NULL AND membership_4.person_id = t4_person."id" AND membership_4.ended_on IS NULL))))) AND (EXISTS (SELECT 1 
FROM organisation AS t4_organisation 
WHERE t4_organisation."id" = t4."organisation_id" AND (t4_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t4_organisation."id" AND membership.ended_on IS NULL))) AND t4_organisation."id" != ALL (viewer.hidden)))) WHEN ($1::VARCHAR = 'org') THEN (SELECT json_object('id' value 'org_' || CAST(t5."id" AS TEXT) returning json) AS json_object_5 
FROM (SELECT organisation.id AS id, organisation.suspended_at AS suspended_at 
FROM organisation 
WHERE organisation.id = $2::UUID) AS t5 
WHERE (t5."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t5."id" AND membership.ended_on IS NULL))) AND t5."id" != ALL (viewer.hidden)) WHEN ($1::VARCHAR = 'fol') THEN (SELECT json_object('id' value 'fol_' || CAST(t6."id" AS TEXT) returning json) AS json_object_6 
FROM (SELECT follow.id AS id, follow.person_id AS person_id, follow.organisation_id AS organisation_id 
FROM follow 
WHERE follow.id = $2::UUID) AS t6 
WHERE t6."person_id" = viewer.id AND (EXISTS (SELECT 1 
FROM organisation AS t6_organisation 
WHERE t6_organisation."id" = t6."organisation_id" AND (t6_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t6_organisation."id" AND membership.ended_on IS NULL))) AND t6_organisation."id" != ALL (viewer.hidden)))) WHEN ($1::VARCHAR = 'str') THEN (SELECT json_object('id' value 'str_' || CAST(t7."id" AS TEXT) returning json) AS json_object_7 
FROM (SELECT organisation_strength.id AS id, organisation_strength.organisation_id AS organisation_id 
FROM organisation_strength 
WHERE organisation_strength.id = $2::UUID) AS t7 
WHERE EXISTS (SELECT 1 
FROM organisation AS t7_organisation 
WHERE t7_organisation."id" = t7."organisation_id" AND (t7_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t7_organisation."id" AND membership.ended_on IS NULL))) AND t7_organisation."id" != ALL (viewer.hidden))) WHEN ($1::VARCHAR = 'skl') THEN (SELECT json_object('id' value 'skl_' || CAST(t8."id" AS TEXT) returning json) AS json_object_8 
FROM (SELECT skill.id AS id 
FROM skill 
WHERE skill.id = $2::UUID) AS t8) WHEN ($1::VARCHAR = 'scl') THEN (SELECT json_object('id' value 'scl_' || CAST(t9."id" AS TEXT) returning json) AS json_object_9 
FROM (SELECT skill_cluster.id AS id 
FROM skill_cluster 
WHERE skill_cluster.id = $2::UUID) AS t9) WHEN ($1::VARCHAR = 'sdm') THEN (SELECT json_object('id' value 'sdm_' || CAST(t10."id" AS TEXT) returning json) AS json_object_10 
FROM (SELECT skill_domain.id AS id 
FROM skill_domain 
WHERE skill_domain.id = $2::UUID) AS t10) WHEN ($1::VARCHAR = 'psk') THEN (SELECT json_object('id' value 'psk_' || CAST(t11."id" AS TEXT) returning json) AS json_object_11 
FROM (SELECT person_skill.id AS id, person_skill.person_id AS person_id 
FROM person_skill 
WHERE person_skill.id = $2::UUID) AS t11 
WHERE EXISTS (SELECT 1 
FROM person AS t11_person 
WHERE t11_person."id" = t11."person_id" AND t11_person."deactivated_at" IS NULL AND (t11_person."suspended_at" IS NULL OR t11_person."id" = viewer.id) AND t11_person."id" != ALL (viewer.hidden) AND (t11_person."visibility" = 'PUBLIC' OR t11_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t11_person."id" = viewer.id OR t11_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_5.id 
FROM membership AS membership_5 JOIN membership AS membership_6 ON membership_6.organisation_id = membership_5.organisation_id 
WHERE membership_5.person_id = viewer.id AND membership_5.ended_on IS NULL AND membership_6.person_id = t11_person."id" AND membership_6.ended_on IS NULL))))) WHEN ($1::VARCHAR = 'pst') THEN (SELECT json_object('id' value 'pst_' || CAST(t12."id" AS TEXT), 'comments' value (SELECT json_object('nodes' value coalesce(json_agg(json_object('body' value p13."body", 'replies' value (SELECT json_object('nodes' value coalesce(json_agg(json_object('body' value p14."body", 'parent' value (SELECT json_object('id' value 'com_' || CAST(t15."id" AS TEXT) returning json) AS json_object_15 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.author_id AS author_id, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.id = p14."parent_id") AS t15 
WHERE (t15."hidden_at" IS NULL OR t15."author_id" = viewer.id) AND t15."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM post AS t15_post 
WHERE t15_post."id" = t15."post_id" AND (t15_post."audience" = 'PUBLIC' OR t15_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t15_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t15_post."organisation_id")) OR t15_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t15_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t15_post."organisation_id" OR partnership.addressee_id = t15_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t15_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t15_post."organisation_id" AND membership.ended_on IS NULL))) AND (t15_post."hidden_at" IS NULL OR t15_post."author_id" = viewer.id) AND t15_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t15_post_organisation 
WHERE t15_post_organisation."id" = t15_post."organisation_id" AND (t15_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t15_post_organisation."id" AND membership.ended_on IS NULL))) AND t15_post_organisation."id" != ALL (viewer.hidden)))))) returning json) ORDER BY p14."id" ASC) FILTER (WHERE p14."n" <= $3::INTEGER), '[]'::json) returning json) AS json_object_14 
FROM (SELECT w17."body" AS body, w17."id" AS id, w17."parent_id" AS parent_id, row_number() OVER (ORDER BY w17."id" ASC) AS n 
FROM (SELECT t16."body" AS body, t16."id" AS id, t16."parent_id" AS parent_id 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.parent_id AS parent_id, comment.author_id AS author_id, comment.body AS body, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.parent_id = p13."id") AS t16 
WHERE (t16."hidden_at" IS NULL OR t16."author_id" = viewer.id) AND t16."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM post AS t16_post 
WHERE t16_post."id" = t16."post_id" AND (t16_post."audience" = 'PUBLIC' OR t16_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t16_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t16_post."organisation_id")) OR t16_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t16_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t16_post."organisation_id" OR partnership.addressee_id = t16_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t16_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t16_post."organisation_id" AND membership.ended_on IS NULL))) AND (t16_post."hidden_at" IS NULL OR t16_post."author_id" = viewer.id) AND t16_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t16_post_organisation 
WHERE t16_post_organisation."id" = t16_post."organisation_id" AND (t16_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t16_post_organisation."id" AND membership.ended_on IS NULL))) AND t16_post_organisation."id" != ALL (viewer.hidden))))) ORDER BY t16."id" ASC 
 LIMIT $3::INTEGER + 1) AS w17) AS p14 
HAVING true) returning json) ORDER BY p13."id" ASC) FILTER (WHERE p13."n" <= $4::INTEGER), '[]'::json) returning json) AS json_object_13 
FROM (SELECT w19."body" AS body, w19."id" AS id, row_number() OVER (ORDER BY w19."id" ASC) AS n 
FROM (SELECT t18."body" AS body, t18."id" AS id 
FROM (SELECT comment.id AS id, comment.author_id AS author_id, comment.body AS body, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.post_id = t12."id" AND comment.parent_id IS NULL) AS t18 
WHERE (t18."hidden_at" IS NULL OR t18."author_id" = viewer.id) AND t18."author_id" != ALL (viewer.hidden) ORDER BY t18."id" ASC 
 LIMIT $4::INTEGER + 1) AS w19) AS p13 
HAVING true) returning json) AS json_object_12 
FROM (SELECT post.id AS id, post.organisation_id AS organisation_id, post.author_id AS author_id, post.audience AS audience, post.hidden_at AS hidden_at 
FROM post 
WHERE post.id = $2::UUID) AS t12 
WHERE (t12."audience" = 'PUBLIC' OR t12."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t12."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t12."organisation_id")) OR t12."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t12."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t12."organisation_id" OR partnership.addressee_id = t12."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t12."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t12."organisation_id" AND membership.ended_on IS NULL))) AND (t12."hidden_at" IS NULL OR t12."author_id" = viewer.id) AND t12."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t12_organisation 
WHERE t12_organisation."id" = t12."organisation_id" AND (t12_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t12_organisation."id" AND membership.ended_on IS NULL))) AND t12_organisation."id" != ALL (viewer.hidden)))) WHEN ($1::VARCHAR = 'med') THEN (SELECT json_object('id' value 'med_' || CAST(t20."id" AS TEXT) returning json) AS json_object_16 
FROM (SELECT media.id AS id, media.uploaded_by_id AS uploaded_by_id, media.post_id AS post_id, media.organisation_id AS organisation_id, media.person_id AS person_id 
FROM media 
WHERE media.id = $2::UUID) AS t20 
WHERE (t20."post_id" IS NOT NULL OR t20."organisation_id" IS NOT NULL OR t20."person_id" IS NOT NULL OR t20."uploaded_by_id" = viewer.id) AND (t20."post_id" IS NULL OR (EXISTS (SELECT 1 
FROM post AS t20_post 
WHERE t20_post."id" = t20."post_id" AND (t20_post."audience" = 'PUBLIC' OR t20_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t20_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t20_post."organisation_id")) OR t20_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t20_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t20_post."organisation_id" OR partnership.addressee_id = t20_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t20_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t20_post."organisation_id" AND membership.ended_on IS NULL))) AND (t20_post."hidden_at" IS NULL OR t20_post."author_id" = viewer.id) AND t20_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t20_post_organisation 
WHERE t20_post_organisation."id" = t20_post."organisation_id" AND (t20_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t20_post_organisation."id" AND membership.ended_on IS NULL))) AND t20_post_organisation."id" != ALL (viewer.hidden))))))) WHEN ($1::VARCHAR = 'com') THEN (SELECT json_object('id' value 'com_' || CAST(t21."id" AS TEXT) returning json) AS json_object_17 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.author_id AS author_id, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.id = $2::UUID) AS t21 
WHERE (t21."hidden_at" IS NULL OR t21."author_id" = viewer.id) AND t21."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM post AS t21_post 
WHERE t21_post."id" = t21."post_id" AND (t21_post."audience" = 'PUBLIC' OR t21_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t21_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t21_post."organisation_id")) OR t21_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t21_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t21_post."organisation_id" OR partnership.addressee_id = t21_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t21_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t21_post."organisation_id" AND membership.ended_on IS NULL))) AND (t21_post."hidden_at" IS NULL OR t21_post."author_id" = viewer.id) AND t21_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t21_post_organisation 
WHERE t21_post_organisation."id" = t21_post."organisation_id" AND (t21_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t21_post_organisation."id" AND membership.ended_on IS NULL))) AND t21_post_organisation."id" != ALL (viewer.hidden)))))) WHEN ($1::VARCHAR = 'rea') THEN (SELECT json_object('id' value 'rea_' || CAST(t22."id" AS TEXT) returning json) AS json_object_18 
FROM (SELECT reaction.id AS id, reaction.post_id AS post_id 
FROM reaction 
WHERE reaction.id = $2::UUID) AS t22 
WHERE EXISTS (SELECT 1 
FROM post AS t22_post 
WHERE t22_post."id" = t22."post_id" AND (t22_post."audience" = 'PUBLIC' OR t22_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t22_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t22_post."organisation_id")) OR t22_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t22_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t22_post."organisation_id" OR partnership.addressee_id = t22_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t22_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t22_post."organisation_id" AND membership.ended_on IS NULL))) AND (t22_post."hidden_at" IS NULL OR t22_post."author_id" = viewer.id) AND t22_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t22_post_organisation 
WHERE t22_post_organisation."id" = t22_post."organisation_id" AND (t22_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t22_post_organisation."id" AND membership.ended_on IS NULL))) AND t22_post_organisation."id" != ALL (viewer.hidden))))) ELSE NULL END AS json_0 
FROM viewer
