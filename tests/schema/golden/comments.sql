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
WHERE membership.person_id = viewer.id AND membership.organisation_id = t6_organisation."id" AND membership.ended_on IS NULL))) AND t6_organisation."id" != ALL (viewer.hidden)))) WHEN ($1::VARCHAR = 'inv') THEN (SELECT json_object('id' value 'inv_' || CAST(t7."id" AS TEXT) returning json) AS json_object_7 
FROM (SELECT invitation.id AS id, invitation.organisation_id AS organisation_id, invitation.email AS email 
FROM invitation 
WHERE invitation.id = $2::UUID) AS t7 
WHERE ((EXISTS (SELECT person.id 
FROM person 
WHERE person.id = viewer.id AND person.email = t7."email" AND person.email_verified_at IS NOT NULL)) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t7."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t7_organisation 
WHERE t7_organisation."id" = t7."organisation_id" AND (t7_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t7_organisation."id" AND membership.ended_on IS NULL))) AND t7_organisation."id" != ALL (viewer.hidden)))) WHEN ($1::VARCHAR = 'jrq') THEN (SELECT json_object('id' value 'jrq_' || CAST(t8."id" AS TEXT) returning json) AS json_object_8 
FROM (SELECT join_request.id AS id, join_request.organisation_id AS organisation_id, join_request.person_id AS person_id 
FROM join_request 
WHERE join_request.id = $2::UUID) AS t8 
WHERE (t8."person_id" = viewer.id OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t8."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t8_organisation 
WHERE t8_organisation."id" = t8."organisation_id" AND (t8_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t8_organisation."id" AND membership.ended_on IS NULL))) AND t8_organisation."id" != ALL (viewer.hidden)))) WHEN ($1::VARCHAR = 'str') THEN (SELECT json_object('id' value 'str_' || CAST(t9."id" AS TEXT) returning json) AS json_object_9 
FROM (SELECT organisation_strength.id AS id, organisation_strength.organisation_id AS organisation_id 
FROM organisation_strength 
WHERE organisation_strength.id = $2::UUID) AS t9 
WHERE EXISTS (SELECT 1 
FROM organisation AS t9_organisation 
WHERE t9_organisation."id" = t9."organisation_id" AND (t9_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t9_organisation."id" AND membership.ended_on IS NULL))) AND t9_organisation."id" != ALL (viewer.hidden))) WHEN ($1::VARCHAR = 'skl') THEN (SELECT json_object('id' value 'skl_' || CAST(t10."id" AS TEXT) returning json) AS json_object_10 
FROM (SELECT skill.id AS id 
FROM skill 
WHERE skill.id = $2::UUID) AS t10) WHEN ($1::VARCHAR = 'scl') THEN (SELECT json_object('id' value 'scl_' || CAST(t11."id" AS TEXT) returning json) AS json_object_11 
FROM (SELECT skill_cluster.id AS id 
FROM skill_cluster 
WHERE skill_cluster.id = $2::UUID) AS t11) WHEN ($1::VARCHAR = 'sdm') THEN (SELECT json_object('id' value 'sdm_' || CAST(t12."id" AS TEXT) returning json) AS json_object_12 
FROM (SELECT skill_domain.id AS id 
FROM skill_domain 
WHERE skill_domain.id = $2::UUID) AS t12) WHEN ($1::VARCHAR = 'psk') THEN (SELECT json_object('id' value 'psk_' || CAST(t13."id" AS TEXT) returning json) AS json_object_13 
FROM (SELECT person_skill.id AS id, person_skill.person_id AS person_id 
FROM person_skill 
WHERE person_skill.id = $2::UUID) AS t13 
WHERE EXISTS (SELECT 1 
FROM person AS t13_person 
WHERE t13_person."id" = t13."person_id" AND t13_person."deactivated_at" IS NULL AND (t13_person."suspended_at" IS NULL OR t13_person."id" = viewer.id) AND t13_person."id" != ALL (viewer.hidden) AND (t13_person."visibility" = 'PUBLIC' OR t13_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t13_person."id" = viewer.id OR t13_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_5.id 
FROM membership AS membership_5 JOIN membership AS membership_6 ON membership_6.organisation_id = membership_5.organisation_id 
WHERE membership_5.person_id = viewer.id AND membership_5.ended_on IS NULL AND membership_6.person_id = t13_person."id" AND membership_6.ended_on IS NULL))))) WHEN ($1::VARCHAR = 'pst') THEN (SELECT json_object('id' value 'pst_' || CAST(t14."id" AS TEXT), 'comments' value (SELECT json_object('nodes' value coalesce(json_agg(json_object('body' value p15."body", 'replies' value (SELECT json_object('nodes' value coalesce(json_agg(json_object('body' value p16."body", 'parent' value (SELECT json_object('id' value 'com_' || CAST(t17."id" AS TEXT) returning json) AS json_object_17 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.author_id AS author_id, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.id = p16."parent_id") AS t17 
WHERE (t17."hidden_at" IS NULL OR t17."author_id" = viewer.id) AND t17."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM post AS t17_post 
WHERE t17_post."id" = t17."post_id" AND (t17_post."audience" = 'PUBLIC' OR t17_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t17_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t17_post."organisation_id")) OR t17_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t17_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t17_post."organisation_id" OR partnership.addressee_id = t17_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t17_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t17_post."organisation_id" AND membership.ended_on IS NULL))) AND (t17_post."hidden_at" IS NULL OR t17_post."author_id" = viewer.id) AND t17_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t17_post_organisation 
WHERE t17_post_organisation."id" = t17_post."organisation_id" AND (t17_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t17_post_organisation."id" AND membership.ended_on IS NULL))) AND t17_post_organisation."id" != ALL (viewer.hidden)))))) returning json) ORDER BY p16."id" ASC) FILTER (WHERE p16."n" <= $3::INTEGER), '[]'::json) returning json) AS json_object_16 
FROM (SELECT w19."body" AS body, w19."id" AS id, w19."parent_id" AS parent_id, row_number() OVER (ORDER BY w19."id" ASC) AS n 
FROM (SELECT t18."body" AS body, t18."id" AS id, t18."parent_id" AS parent_id 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.parent_id AS parent_id, comment.author_id AS author_id, comment.body AS body, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.parent_id = p15."id") AS t18 
WHERE (t18."hidden_at" IS NULL OR t18."author_id" = viewer.id) AND t18."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM post AS t18_post 
WHERE t18_post."id" = t18."post_id" AND (t18_post."audience" = 'PUBLIC' OR t18_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t18_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t18_post."organisation_id")) OR t18_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t18_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t18_post."organisation_id" OR partnership.addressee_id = t18_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t18_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t18_post."organisation_id" AND membership.ended_on IS NULL))) AND (t18_post."hidden_at" IS NULL OR t18_post."author_id" = viewer.id) AND t18_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t18_post_organisation 
WHERE t18_post_organisation."id" = t18_post."organisation_id" AND (t18_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t18_post_organisation."id" AND membership.ended_on IS NULL))) AND t18_post_organisation."id" != ALL (viewer.hidden))))) ORDER BY t18."id" ASC 
 LIMIT $3::INTEGER + 1) AS w19) AS p16 
HAVING true) returning json) ORDER BY p15."id" ASC) FILTER (WHERE p15."n" <= $4::INTEGER), '[]'::json) returning json) AS json_object_15 
FROM (SELECT w21."body" AS body, w21."id" AS id, row_number() OVER (ORDER BY w21."id" ASC) AS n 
FROM (SELECT t20."body" AS body, t20."id" AS id 
FROM (SELECT comment.id AS id, comment.author_id AS author_id, comment.body AS body, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.post_id = t14."id" AND comment.parent_id IS NULL) AS t20 
WHERE (t20."hidden_at" IS NULL OR t20."author_id" = viewer.id) AND t20."author_id" != ALL (viewer.hidden) ORDER BY t20."id" ASC 
 LIMIT $4::INTEGER + 1) AS w21) AS p15 
HAVING true) returning json) AS json_object_14 
FROM (SELECT post.id AS id, post.organisation_id AS organisation_id, post.author_id AS author_id, post.audience AS audience, post.hidden_at AS hidden_at 
FROM post 
WHERE post.id = $2::UUID) AS t14 
WHERE (t14."audience" = 'PUBLIC' OR t14."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t14."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t14."organisation_id")) OR t14."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t14."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t14."organisation_id" OR partnership.addressee_id = t14."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t14."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t14."organisation_id" AND membership.ended_on IS NULL))) AND (t14."hidden_at" IS NULL OR t14."author_id" = viewer.id) AND t14."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t14_organisation 
WHERE t14_organisation."id" = t14."organisation_id" AND (t14_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t14_organisation."id" AND membership.ended_on IS NULL))) AND t14_organisation."id" != ALL (viewer.hidden)))) WHEN ($1::VARCHAR = 'men') THEN (SELECT json_object('id' value 'men_' || CAST(t22."id" AS TEXT) returning json) AS json_object_18 
FROM (SELECT mention.id AS id, mention.post_id AS post_id, mention.comment_id AS comment_id 
FROM mention 
WHERE mention.id = $2::UUID) AS t22 
WHERE (t22."comment_id" IS NULL OR (EXISTS (SELECT comment.id 
FROM comment 
WHERE comment.id = t22."comment_id" AND (comment.hidden_at IS NULL OR comment.author_id = viewer.id) AND comment.author_id != ALL (viewer.hidden)))) AND (EXISTS (SELECT 1 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = t22_post_organisation."id" AND membership.ended_on IS NULL))) AND t22_post_organisation."id" != ALL (viewer.hidden)))))) WHEN ($1::VARCHAR = 'com') THEN (SELECT json_object('id' value 'com_' || CAST(t23."id" AS TEXT) returning json) AS json_object_19 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.author_id AS author_id, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.id = $2::UUID) AS t23 
WHERE (t23."hidden_at" IS NULL OR t23."author_id" = viewer.id) AND t23."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM post AS t23_post 
WHERE t23_post."id" = t23."post_id" AND (t23_post."audience" = 'PUBLIC' OR t23_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t23_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t23_post."organisation_id")) OR t23_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t23_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t23_post."organisation_id" OR partnership.addressee_id = t23_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t23_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t23_post."organisation_id" AND membership.ended_on IS NULL))) AND (t23_post."hidden_at" IS NULL OR t23_post."author_id" = viewer.id) AND t23_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t23_post_organisation 
WHERE t23_post_organisation."id" = t23_post."organisation_id" AND (t23_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t23_post_organisation."id" AND membership.ended_on IS NULL))) AND t23_post_organisation."id" != ALL (viewer.hidden)))))) WHEN ($1::VARCHAR = 'rev') THEN (SELECT json_object('id' value 'rev_' || CAST(t24."id" AS TEXT) returning json) AS json_object_20 
FROM (SELECT post_revision.id AS id, post_revision.post_id AS post_id 
FROM post_revision 
WHERE post_revision.id = $2::UUID) AS t24 
WHERE EXISTS (SELECT 1 
FROM post AS t24_post 
WHERE t24_post."id" = t24."post_id" AND (t24_post."audience" = 'PUBLIC' OR t24_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t24_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t24_post."organisation_id")) OR t24_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t24_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t24_post."organisation_id" OR partnership.addressee_id = t24_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t24_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t24_post."organisation_id" AND membership.ended_on IS NULL))) AND (t24_post."hidden_at" IS NULL OR t24_post."author_id" = viewer.id) AND t24_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t24_post_organisation 
WHERE t24_post_organisation."id" = t24_post."organisation_id" AND (t24_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t24_post_organisation."id" AND membership.ended_on IS NULL))) AND t24_post_organisation."id" != ALL (viewer.hidden))))) WHEN ($1::VARCHAR = 'med') THEN (SELECT json_object('id' value 'med_' || CAST(t25."id" AS TEXT) returning json) AS json_object_21 
FROM (SELECT media.id AS id, media.uploaded_by_id AS uploaded_by_id, media.post_id AS post_id, media.organisation_id AS organisation_id, media.person_id AS person_id 
FROM media 
WHERE media.id = $2::UUID) AS t25 
WHERE (t25."post_id" IS NOT NULL OR t25."organisation_id" IS NOT NULL OR t25."person_id" IS NOT NULL OR t25."uploaded_by_id" = viewer.id) AND (t25."post_id" IS NULL OR (EXISTS (SELECT 1 
FROM post AS t25_post 
WHERE t25_post."id" = t25."post_id" AND (t25_post."audience" = 'PUBLIC' OR t25_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t25_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t25_post."organisation_id")) OR t25_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t25_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t25_post."organisation_id" OR partnership.addressee_id = t25_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t25_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t25_post."organisation_id" AND membership.ended_on IS NULL))) AND (t25_post."hidden_at" IS NULL OR t25_post."author_id" = viewer.id) AND t25_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t25_post_organisation 
WHERE t25_post_organisation."id" = t25_post."organisation_id" AND (t25_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t25_post_organisation."id" AND membership.ended_on IS NULL))) AND t25_post_organisation."id" != ALL (viewer.hidden))))))) WHEN ($1::VARCHAR = 'rea') THEN (SELECT json_object('id' value 'rea_' || CAST(t26."id" AS TEXT) returning json) AS json_object_22 
FROM (SELECT reaction.id AS id, reaction.post_id AS post_id 
FROM reaction 
WHERE reaction.id = $2::UUID) AS t26 
WHERE EXISTS (SELECT 1 
FROM post AS t26_post 
WHERE t26_post."id" = t26."post_id" AND (t26_post."audience" = 'PUBLIC' OR t26_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t26_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t26_post."organisation_id")) OR t26_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t26_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t26_post."organisation_id" OR partnership.addressee_id = t26_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t26_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t26_post."organisation_id" AND membership.ended_on IS NULL))) AND (t26_post."hidden_at" IS NULL OR t26_post."author_id" = viewer.id) AND t26_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t26_post_organisation 
WHERE t26_post_organisation."id" = t26_post."organisation_id" AND (t26_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t26_post_organisation."id" AND membership.ended_on IS NULL))) AND t26_post_organisation."id" != ALL (viewer.hidden))))) WHEN ($1::VARCHAR = 'sfo') THEN (SELECT json_object('id' value 'sfo_' || CAST(t27."id" AS TEXT) returning json) AS json_object_23 
FROM (SELECT skill_follow.id AS id, skill_follow.person_id AS person_id 
FROM skill_follow 
WHERE skill_follow.id = $2::UUID) AS t27 
WHERE t27."person_id" = viewer.id) WHEN ($1::VARCHAR = 'blk') THEN (SELECT json_object('id' value 'blk_' || CAST(t28."id" AS TEXT) returning json) AS json_object_24 
FROM (SELECT block.id AS id, block.person_id AS person_id, block.organisation_id AS organisation_id, block.by_organisation AS by_organisation 
FROM block 
WHERE block.id = $2::UUID) AS t28 
WHERE NOT t28."by_organisation" AND t28."person_id" = viewer.id OR t28."by_organisation" AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t28."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'OWNER')))) WHEN ($1::VARCHAR = 'dra') THEN (SELECT json_object('id' value 'dra_' || CAST(t29."id" AS TEXT) returning json) AS json_object_25 
FROM (SELECT post_draft.id AS id, post_draft.organisation_id AS organisation_id 
FROM post_draft 
WHERE post_draft.id = $2::UUID) AS t29 
WHERE (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('EDITOR', 'ADMIN', 'OWNER', 'TALENT_MANAGER'))) AND (EXISTS (SELECT 1 
FROM organisation AS t29_organisation 
WHERE t29_organisation."id" = t29."organisation_id" AND (t29_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29_organisation."id" AND membership.ended_on IS NULL))) AND t29_organisation."id" != ALL (viewer.hidden)))) WHEN ($1::VARCHAR = 'pfo') THEN (SELECT json_object('id' value 'pfo_' || CAST(t30."id" AS TEXT) returning json) AS json_object_26 
FROM (SELECT person_follow.id AS id, person_follow.person_id AS person_id, person_follow.followed_id AS followed_id 
FROM person_follow 
WHERE person_follow.id = $2::UUID) AS t30 
WHERE t30."person_id" = viewer.id AND (EXISTS (SELECT 1 
FROM person AS t30_followed 
WHERE t30_followed."id" = t30."followed_id" AND t30_followed."deactivated_at" IS NULL AND (t30_followed."suspended_at" IS NULL OR t30_followed."id" = viewer.id) AND t30_followed."id" != ALL (viewer.hidden) AND (t30_followed."visibility" = 'PUBLIC' OR t30_followed."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t30_followed."id" = viewer.id OR t30_followed."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_7.id 
FROM membership AS membership_7 JOIN membership AS membership_8 ON membership_8.organisation_id = membership_7.organisation_id 
WHERE membership_7.person_id = viewer.id AND membership_7.ended_on IS NULL AND membership_8.person_id = t30_followed."id" AND membership_8.ended_on IS NULL)))))) WHEN ($1::VARCHAR = 'mut') THEN (SELECT json_object('id' value 'mut_' || CAST(t31."id" AS TEXT) returning json) AS json_object_27 
FROM (SELECT mute.id AS id, mute.person_id AS person_id 
FROM mute 
WHERE mute.id = $2::UUID) AS t31 
WHERE t31."person_id" = viewer.id) ELSE NULL END AS json_0 
FROM viewer
