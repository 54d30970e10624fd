WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_2 
FROM block 
WHERE block.person_id = who.id UNION ALL SELECT block.person_id 
FROM block 
WHERE block.blocked_person_id = who.id UNION ALL SELECT block.person_id 
FROM block JOIN membership ON membership.organisation_id = block.organisation_id 
WHERE membership.person_id = who.id AND membership.ended_on IS NULL)) AS hidden, $3::BYTEA AS secret_hash 
FROM (SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_1 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $3::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $3::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id) AS who)
 SELECT viewer.id AS viewer, (SELECT coalesce(json_agg(CASE WHEN (u1."prefix" = 'per') THEN (SELECT json_object('__typename' value 'Person', 'id' value 'per_' || CAST(t2."id" AS TEXT) returning json) AS json_object_1 
FROM (SELECT person.id AS id, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person 
WHERE person.id = u1."id") AS t2 
WHERE t2."deactivated_at" IS NULL AND (t2."suspended_at" IS NULL OR t2."id" = viewer.id) AND t2."id" != ALL (viewer.hidden) AND (t2."visibility" = 'PUBLIC' OR t2."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t2."id" = viewer.id OR t2."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t2."id" AND membership_2.ended_on IS NULL)))) WHEN (u1."prefix" = 'ses') THEN (SELECT json_object('__typename' value 'Session', 'id' value 'ses_' || CAST(t3."id" AS TEXT) returning json) AS json_object_2 
FROM (SELECT session.id AS id, session.person_id AS person_id 
FROM session 
WHERE session.id = u1."id") AS t3 
WHERE t3."person_id" = viewer.id) WHEN (u1."prefix" = 'tok') THEN (SELECT json_object('__typename' value 'AccessToken', 'id' value 'tok_' || CAST(t4."id" AS TEXT) returning json) AS json_object_3 
FROM (SELECT access_token.id AS id, access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.id = u1."id") AS t4 
WHERE t4."person_id" = viewer.id) WHEN (u1."prefix" = 'mem') THEN (SELECT json_object('__typename' value 'Membership', 'id' value 'mem_' || CAST(t5."id" AS TEXT) returning json) AS json_object_4 
FROM (SELECT membership.id AS id, membership.person_id AS person_id, membership.organisation_id AS organisation_id 
FROM membership 
WHERE membership.id = u1."id") AS t5 
WHERE (EXISTS (SELECT 1 
FROM person AS t5_person 
WHERE t5_person."id" = t5."person_id" AND t5_person."deactivated_at" IS NULL AND (t5_person."suspended_at" IS NULL OR t5_person."id" = viewer.id) AND t5_person."id" != ALL (viewer.hidden) AND (t5_person."visibility" = 'PUBLIC' OR t5_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t5_person."id" = viewer.id OR t5_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_3.id 
FROM membership AS membership_3 JOIN membership AS membership_4 ON membership_4.organisation_id = membership_3.organisation_id 
WHERE membership_3.person_id = viewer.id AND membership_3.ended_on IS NULL AND membership_4.person_id = t5_person."id" AND membership_4.ended_on IS NULL))))) AND (EXISTS (SELECT 1 
FROM organisation AS t5_organisation 
WHERE t5_organisation."id" = t5."organisation_id" AND (t5_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t5_organisation."id" AND membership.ended_on IS NULL))) AND t5_organisation."id" != ALL (viewer.hidden)))) WHEN (u1."prefix" = 'org') THEN (SELECT json_object('__typename' value 'Organisation', 'id' value 'org_' || CAST(t6."id" AS TEXT) returning json) AS json_object_5 
FROM (SELECT organisation.id AS id, organisation.suspended_at AS suspended_at 
FROM organisation 
WHERE organisation.id = u1."id") AS t6 
WHERE (t6."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t6."id" AND membership.ended_on IS NULL))) AND t6."id" != ALL (viewer.hidden)) WHEN (u1."prefix" = 'fol') THEN (SELECT json_object('__typename' value 'OrganisationFollow', 'id' value 'fol_' || CAST(t7."id" AS TEXT) returning json) AS json_object_6 
FROM (SELECT follow.id AS id, follow.person_id AS person_id, follow.organisation_id AS organisation_id 
FROM follow 
WHERE follow.id = u1."id") AS t7 
WHERE t7."person_id" = viewer.id AND (EXISTS (SELECT 1 
FROM organisation AS t7_organisation 
WHERE t7_organisation."id" = t7."organisation_id" AND (t7_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t7_organisation."id" AND membership.ended_on IS NULL))) AND t7_organisation."id" != ALL (viewer.hidden)))) WHEN (u1."prefix" = 'inv') THEN (SELECT json_object('__typename' value 'Invitation', 'id' value 'inv_' || CAST(t8."id" AS TEXT) returning json) AS json_object_7 
FROM (SELECT invitation.id AS id, invitation.organisation_id AS organisation_id, invitation.email AS email 
FROM invitation 
WHERE invitation.id = u1."id") AS t8 
WHERE ((EXISTS (SELECT person.id 
FROM person 
WHERE person.id = viewer.id AND person.email = t8."email" AND person.email_verified_at IS NOT NULL)) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t8."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t8_organisation 
WHERE t8_organisation."id" = t8."organisation_id" AND (t8_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t8_organisation."id" AND membership.ended_on IS NULL))) AND t8_organisation."id" != ALL (viewer.hidden)))) WHEN (u1."prefix" = 'jrq') THEN (SELECT json_object('__typename' value 'JoinRequest', 'id' value 'jrq_' || CAST(t9."id" AS TEXT) returning json) AS json_object_8 
FROM (SELECT join_request.id AS id, join_request.organisation_id AS organisation_id, join_request.person_id AS person_id 
FROM join_request 
WHERE join_request.id = u1."id") AS t9 
WHERE (t9."person_id" = viewer.id OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t9."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t9_organisation 
WHERE t9_organisation."id" = t9."organisation_id" AND (t9_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t9_organisation."id" AND membership.ended_on IS NULL))) AND t9_organisation."id" != ALL (viewer.hidden)))) WHEN (u1."prefix" = 'str') THEN (SELECT json_object('__typename' value 'OrganisationStrength', 'id' value 'str_' || CAST(t10."id" AS TEXT) returning json) AS json_object_9 
FROM (SELECT organisation_strength.id AS id, organisation_strength.organisation_id AS organisation_id 
FROM organisation_strength 
WHERE organisation_strength.id = u1."id") AS t10 
WHERE EXISTS (SELECT 1 
FROM organisation AS t10_organisation 
WHERE t10_organisation."id" = t10."organisation_id" AND (t10_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t10_organisation."id" AND membership.ended_on IS NULL))) AND t10_organisation."id" != ALL (viewer.hidden))) WHEN (u1."prefix" = 'skl') THEN (SELECT json_object('__typename' value 'Skill', 'id' value 'skl_' || CAST(t11."id" AS TEXT) returning json) AS json_object_10 
FROM (SELECT skill.id AS id 
FROM skill 
WHERE skill.id = u1."id") AS t11) WHEN (u1."prefix" = 'scl') THEN (SELECT json_object('__typename' value 'SkillCluster', 'id' value 'scl_' || CAST(t12."id" AS TEXT) returning json) AS json_object_11 
FROM (SELECT skill_cluster.id AS id 
FROM skill_cluster 
WHERE skill_cluster.id = u1."id") AS t12) WHEN (u1."prefix" = 'sdm') THEN (SELECT json_object('__typename' value 'SkillDomain', 'id' value 'sdm_' || CAST(t13."id" AS TEXT) returning json) AS json_object_12 
FROM (SELECT skill_domain.id AS id 
FROM skill_domain 
WHERE skill_domain.id = u1."id") AS t13) WHEN (u1."prefix" = 'psk') THEN (SELECT json_object('__typename' value 'PersonSkill', 'id' value 'psk_' || CAST(t14."id" AS TEXT) returning json) AS json_object_13 
FROM (SELECT person_skill.id AS id, person_skill.person_id AS person_id 
FROM person_skill 
WHERE person_skill.id = u1."id") AS t14 
WHERE EXISTS (SELECT 1 
FROM person AS t14_person 
WHERE t14_person."id" = t14."person_id" AND t14_person."deactivated_at" IS NULL AND (t14_person."suspended_at" IS NULL OR t14_person."id" = viewer.id) AND t14_person."id" != ALL (viewer.hidden) AND (t14_person."visibility" = 'PUBLIC' OR t14_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t14_person."id" = viewer.id OR t14_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_5.id 
FROM membership AS membership_5 JOIN membership AS membership_6 ON membership_6.organisation_id = membership_5.organisation_id 
WHERE membership_5.person_id = viewer.id AND membership_5.ended_on IS NULL AND membership_6.person_id = t14_person."id" AND membership_6.ended_on IS NULL))))) WHEN (u1."prefix" = 'pst') THEN (SELECT json_object('__typename' value 'Post', 'id' value 'pst_' || CAST(t15."id" AS TEXT) returning json) AS json_object_14 
FROM (SELECT post.id AS id, post.organisation_id AS organisation_id, post.author_id AS author_id, post.audience AS audience, post.hidden_at AS hidden_at 
FROM post 
WHERE post.id = u1."id") AS t15 
WHERE (t15."audience" = 'PUBLIC' OR t15."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t15."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t15."organisation_id")) OR t15."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t15."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t15."organisation_id" OR partnership.addressee_id = t15."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t15."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t15."organisation_id" AND membership.ended_on IS NULL))) AND (t15."hidden_at" IS NULL OR t15."author_id" = viewer.id) AND t15."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t15_organisation 
WHERE t15_organisation."id" = t15."organisation_id" AND (t15_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t15_organisation."id" AND membership.ended_on IS NULL))) AND t15_organisation."id" != ALL (viewer.hidden)))) WHEN (u1."prefix" = 'men') THEN (SELECT json_object('__typename' value 'Mention', 'id' value 'men_' || CAST(t16."id" AS TEXT) returning json) AS json_object_15 
FROM (SELECT mention.id AS id, mention.post_id AS post_id, mention.comment_id AS comment_id 
FROM mention 
WHERE mention.id = u1."id") AS t16 
WHERE (t16."comment_id" IS NULL OR (EXISTS (SELECT comment.id 
FROM comment 
WHERE comment.id = t16."comment_id" AND (comment.hidden_at IS NULL OR comment.author_id = viewer.id) AND comment.author_id != ALL (viewer.hidden)))) AND (EXISTS (SELECT 1 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = t16_post_organisation."id" AND membership.ended_on IS NULL))) AND t16_post_organisation."id" != ALL (viewer.hidden)))))) WHEN (u1."prefix" = 'com') THEN (SELECT json_object('__typename' value 'Comment', 'id' value 'com_' || CAST(t17."id" AS TEXT) returning json) AS json_object_16 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.author_id AS author_id, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.id = u1."id") AS t17 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = t17_post_organisation."id" AND membership.ended_on IS NULL))) AND t17_post_organisation."id" != ALL (viewer.hidden)))))) WHEN (u1."prefix" = 'rev') THEN (SELECT json_object('__typename' value 'PostRevision', 'id' value 'rev_' || CAST(t18."id" AS TEXT) returning json) AS json_object_17 
FROM (SELECT post_revision.id AS id, post_revision.post_id AS post_id 
FROM post_revision 
WHERE post_revision.id = u1."id") AS t18 
WHERE EXISTS (SELECT 1 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = t18_post_organisation."id" AND membership.ended_on IS NULL))) AND t18_post_organisation."id" != ALL (viewer.hidden))))) WHEN (u1."prefix" = 'med') THEN (SELECT json_object('__typename' value 'Media', 'id' value 'med_' || CAST(t19."id" AS TEXT) returning json) AS json_object_18 
FROM (SELECT media.id AS id, media.uploaded_by_id AS uploaded_by_id, media.post_id AS post_id, media.organisation_id AS organisation_id, media.person_id AS person_id 
FROM media 
WHERE media.id = u1."id") AS t19 
WHERE (t19."post_id" IS NOT NULL OR t19."organisation_id" IS NOT NULL OR t19."person_id" IS NOT NULL OR t19."uploaded_by_id" = viewer.id) AND (t19."post_id" IS NULL OR (EXISTS (SELECT 1 
FROM post AS t19_post 
WHERE t19_post."id" = t19."post_id" AND (t19_post."audience" = 'PUBLIC' OR t19_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t19_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t19_post."organisation_id")) OR t19_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t19_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t19_post."organisation_id" OR partnership.addressee_id = t19_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t19_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t19_post."organisation_id" AND membership.ended_on IS NULL))) AND (t19_post."hidden_at" IS NULL OR t19_post."author_id" = viewer.id) AND t19_post."author_id" != ALL (viewer.hidden) AND (EXISTS (SELECT 1 
FROM organisation AS t19_post_organisation 
WHERE t19_post_organisation."id" = t19_post."organisation_id" AND (t19_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t19_post_organisation."id" AND membership.ended_on IS NULL))) AND t19_post_organisation."id" != ALL (viewer.hidden))))))) WHEN (u1."prefix" = 'rea') THEN (SELECT json_object('__typename' value 'Reaction', 'id' value 'rea_' || CAST(t20."id" AS TEXT) returning json) AS json_object_19 
FROM (SELECT reaction.id AS id, reaction.post_id AS post_id 
FROM reaction 
WHERE reaction.id = u1."id") AS t20 
WHERE EXISTS (SELECT 1 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = t20_post_organisation."id" AND membership.ended_on IS NULL))) AND t20_post_organisation."id" != ALL (viewer.hidden))))) WHEN (u1."prefix" = 'sfo') THEN (SELECT json_object('__typename' value 'SkillFollow', 'id' value 'sfo_' || CAST(t21."id" AS TEXT) returning json) AS json_object_20 
FROM (SELECT skill_follow.id AS id, skill_follow.person_id AS person_id 
FROM skill_follow 
WHERE skill_follow.id = u1."id") AS t21 
WHERE t21."person_id" = viewer.id) WHEN (u1."prefix" = 'blk') THEN (SELECT json_object('__typename' value 'Block', 'id' value 'blk_' || CAST(t22."id" AS TEXT) returning json) AS json_object_21 
FROM (SELECT block.id AS id, block.person_id AS person_id, block.organisation_id AS organisation_id, block.by_organisation AS by_organisation 
FROM block 
WHERE block.id = u1."id") AS t22 
WHERE NOT t22."by_organisation" AND t22."person_id" = viewer.id OR t22."by_organisation" AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t22."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'OWNER')))) WHEN (u1."prefix" = 'dra') THEN (SELECT json_object('__typename' value 'PostDraft', 'id' value 'dra_' || CAST(t23."id" AS TEXT) returning json) AS json_object_22 
FROM (SELECT post_draft.id AS id, post_draft.organisation_id AS organisation_id 
FROM post_draft 
WHERE post_draft.id = u1."id") AS t23 
WHERE (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t23."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('EDITOR', 'ADMIN', 'OWNER', 'TALENT_MANAGER'))) AND (EXISTS (SELECT 1 
FROM organisation AS t23_organisation 
WHERE t23_organisation."id" = t23."organisation_id" AND (t23_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t23_organisation."id" AND membership.ended_on IS NULL))) AND t23_organisation."id" != ALL (viewer.hidden)))) WHEN (u1."prefix" = 'pfo') THEN (SELECT json_object('__typename' value 'PersonFollow', 'id' value 'pfo_' || CAST(t24."id" AS TEXT) returning json) AS json_object_23 
FROM (SELECT person_follow.id AS id, person_follow.person_id AS person_id, person_follow.followed_id AS followed_id 
FROM person_follow 
WHERE person_follow.id = u1."id") AS t24 
WHERE t24."person_id" = viewer.id AND (EXISTS (SELECT 1 
FROM person AS t24_followed 
WHERE t24_followed."id" = t24."followed_id" AND t24_followed."deactivated_at" IS NULL AND (t24_followed."suspended_at" IS NULL OR t24_followed."id" = viewer.id) AND t24_followed."id" != ALL (viewer.hidden) AND (t24_followed."visibility" = 'PUBLIC' OR t24_followed."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t24_followed."id" = viewer.id OR t24_followed."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_7.id 
FROM membership AS membership_7 JOIN membership AS membership_8 ON membership_8.organisation_id = membership_7.organisation_id 
WHERE membership_7.person_id = viewer.id AND membership_7.ended_on IS NULL AND membership_8.person_id = t24_followed."id" AND membership_8.ended_on IS NULL)))))) WHEN (u1."prefix" = 'mut') THEN (SELECT json_object('__typename' value 'Mute', 'id' value 'mut_' || CAST(t25."id" AS TEXT) returning json) AS json_object_24 
FROM (SELECT mute.id AS id, mute.person_id AS person_id 
FROM mute 
WHERE mute.id = u1."id") AS t25 
WHERE t25."person_id" = viewer.id) ELSE NULL END ORDER BY u1."n" ASC), '[]'::json) AS coalesce_1 
FROM unnest($1::TEXT[], $2::UUID[]) WITH ORDINALITY AS u1(prefix, id, n)) AS json_0 
FROM viewer
