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
 SELECT viewer.id AS viewer, convert_to((SELECT concat('[', string_agg(coalesce(CASE WHEN (u1."prefix" = 'per') THEN (SELECT concat('{"__typename":"Person","id":"per_', t2."id", '"}') AS concat_2 
FROM (SELECT person.id AS id, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person 
WHERE person.id = u1."id") AS t2 
WHERE t2."deactivated_at" IS NULL AND ((t2."suspended_at" IS NULL OR t2."id" = viewer.id) AND t2."id" != ALL (viewer.hidden) AND (t2."visibility" = 'PUBLIC' OR t2."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t2."id" = viewer.id OR t2."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t2."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t2."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t2."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t2."id"))))) WHEN (u1."prefix" = 'pky') THEN (SELECT concat('{"__typename":"Passkey","id":"pky_', t3."id", '"}') AS concat_3 
FROM (SELECT passkey.id AS id, passkey.person_id AS person_id 
FROM passkey 
WHERE passkey.id = u1."id") AS t3 
WHERE t3."person_id" = viewer.id) WHEN (u1."prefix" = 'ses') THEN (SELECT concat('{"__typename":"Session","id":"ses_', t4."id", '"}') AS concat_4 
FROM (SELECT session.id AS id, session.person_id AS person_id 
FROM session 
WHERE session.id = u1."id") AS t4 
WHERE t4."person_id" = viewer.id) WHEN (u1."prefix" = 'exp') THEN (SELECT concat('{"__typename":"DataExport","id":"exp_', t5."id", '"}') AS concat_5 
FROM (SELECT data_export.id AS id, data_export.person_id AS person_id 
FROM data_export 
WHERE data_export.id = u1."id") AS t5 
WHERE t5."person_id" = viewer.id) WHEN (u1."prefix" = 'tok') THEN (SELECT concat('{"__typename":"AccessToken","id":"tok_', t6."id", '"}') AS concat_6 
FROM (SELECT access_token.id AS id, access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.id = u1."id") AS t6 
WHERE t6."person_id" = viewer.id) WHEN (u1."prefix" = 'ntf') THEN (SELECT concat('{"__typename":"Notification","id":"ntf_', t7."id", '"}') AS concat_7 
FROM (SELECT notification.id AS id, notification.person_id AS person_id, notification.kind AS kind, notification.subject_id AS subject_id, notification.organisation_id AS organisation_id, notification.post_id AS post_id, notification.comment_id AS comment_id, notification.listing_id AS listing_id, notification.actor_ids AS actor_ids, notification.actor_count AS actor_count 
FROM notification 
WHERE notification.id = u1."id") AS t7 
WHERE t7."person_id" = viewer.id AND (t7."post_id" IS NULL OR (EXISTS (SELECT 1 
FROM post AS told_post 
WHERE told_post."id" = t7."post_id" AND ((told_post."audience" = 'PUBLIC' OR told_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR told_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = told_post."organisation_id")) OR told_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = told_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = told_post."organisation_id" OR partnership.addressee_id = told_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR told_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_post."organisation_id" AND membership.ended_on IS NULL))) AND (told_post."hidden_at" IS NULL OR told_post."author_id" = viewer.id) AND told_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (told_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = told_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = told_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS told_post_organisation 
WHERE told_post_organisation."id" = told_post."organisation_id" AND ((told_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_post_organisation."id" AND membership.ended_on IS NULL))) AND told_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) AND (t7."comment_id" IS NULL OR (EXISTS (SELECT 1 
FROM comment AS told_comment 
WHERE told_comment."id" = t7."comment_id" AND ((told_comment."hidden_at" IS NULL OR told_comment."author_id" = viewer.id) AND told_comment."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (told_comment."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_3.id 
FROM report AS report_3 
WHERE report_3.comment_id = told_comment."id")))) AND (EXISTS (SELECT 1 
FROM post AS told_comment_post 
WHERE told_comment_post."id" = told_comment."post_id" AND ((told_comment_post."audience" = 'PUBLIC' OR told_comment_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR told_comment_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = told_comment_post."organisation_id")) OR told_comment_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = told_comment_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = told_comment_post."organisation_id" OR partnership.addressee_id = told_comment_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR told_comment_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_comment_post."organisation_id" AND membership.ended_on IS NULL))) AND (told_comment_post."hidden_at" IS NULL OR told_comment_post."author_id" = viewer.id) AND told_comment_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (told_comment_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_4.id 
FROM report AS report_4 
WHERE report_4.post_id = told_comment_post."id")) OR (EXISTS (SELECT report_5.id 
FROM report AS report_5 JOIN comment AS comment_2 ON comment_2.id = report_5.comment_id 
WHERE comment_2.post_id = told_comment_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS told_comment_post_organisation 
WHERE told_comment_post_organisation."id" = told_comment_post."organisation_id" AND ((told_comment_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_comment_post_organisation."id" AND membership.ended_on IS NULL))) AND told_comment_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))))) AND (t7."organisation_id" IS NULL OR (EXISTS (SELECT 1 
FROM organisation AS told_organisation 
WHERE told_organisation."id" = t7."organisation_id" AND ((told_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_organisation."id" AND membership.ended_on IS NULL))) AND told_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) AND (t7."listing_id" IS NULL OR (EXISTS (SELECT 1 
FROM listing AS told_listing 
WHERE told_listing."id" = t7."listing_id" AND (told_listing."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (told_listing."audience" = 'PUBLIC' OR told_listing."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR told_listing."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = told_listing."organisation_id")) OR told_listing."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = told_listing."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = told_listing."organisation_id" OR partnership.addressee_id = told_listing."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR told_listing."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_listing."organisation_id" AND membership.ended_on IS NULL))) OR told_listing."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_listing."organisation_id" AND membership.ended_on IS NULL)) OR told_listing."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_listing."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS told_listing_organisation 
WHERE told_listing_organisation."id" = told_listing."organisation_id" AND ((told_listing_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_listing_organisation."id" AND membership.ended_on IS NULL))) AND told_listing_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) AND (t7."actor_count" = 0 OR CASE WHEN (cardinality(viewer.hidden) = 0) THEN t7."actor_count" ELSE coalesce(t7."actor_count" - (SELECT count(*) AS count_1 
FROM notification_actor 
WHERE notification_actor.notification_id = t7."id" AND notification_actor.person_id = ANY (viewer.hidden)), 0) END > 0) AND NOT (EXISTS (SELECT notification_preference.kind 
FROM notification_preference 
WHERE notification_preference.person_id = t7."person_id" AND notification_preference.kind = t7."kind" AND NOT notification_preference.in_app)) AND CASE WHEN (t7."kind" IN ('POST_COMMENTED', 'COMMENT_REPLIED')) THEN EXISTS (SELECT 1 
FROM comment AS told_of 
WHERE CASE WHEN (t7."kind" = 'POST_COMMENTED') THEN told_of."post_id" = t7."post_id" ELSE told_of."parent_id" = t7."comment_id" END AND told_of."author_id" = ANY (t7."actor_ids") AND told_of."deleted_at" IS NULL AND (EXISTS (SELECT 1 
FROM comment AS told_answer 
WHERE told_answer."id" = told_of."id" AND ((told_answer."hidden_at" IS NULL OR told_answer."author_id" = viewer.id) AND told_answer."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (told_answer."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_6.id 
FROM report AS report_6 
WHERE report_6.comment_id = told_answer."id")))) AND (EXISTS (SELECT 1 
FROM post AS told_answer_post 
WHERE told_answer_post."id" = told_answer."post_id" AND ((told_answer_post."audience" = 'PUBLIC' OR told_answer_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR told_answer_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = told_answer_post."organisation_id")) OR told_answer_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = told_answer_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = told_answer_post."organisation_id" OR partnership.addressee_id = told_answer_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR told_answer_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_answer_post."organisation_id" AND membership.ended_on IS NULL))) AND (told_answer_post."hidden_at" IS NULL OR told_answer_post."author_id" = viewer.id) AND told_answer_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (told_answer_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_7.id 
FROM report AS report_7 
WHERE report_7.post_id = told_answer_post."id")) OR (EXISTS (SELECT report_8.id 
FROM report AS report_8 JOIN comment AS comment_3 ON comment_3.id = report_8.comment_id 
WHERE comment_3.post_id = told_answer_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS told_answer_post_organisation 
WHERE told_answer_post_organisation."id" = told_answer_post."organisation_id" AND ((told_answer_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_answer_post_organisation."id" AND membership.ended_on IS NULL))) AND told_answer_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))))) WHEN (t7."kind" = 'JOIN_REQUESTED') THEN EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.organisation_id = t7."organisation_id" AND membership.person_id = viewer.id AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'OWNER', 'TALENT_MANAGER')) WHEN (t7."kind" = 'PARTNERSHIP_REQUESTED') THEN EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = partnership.addressee_id AND membership.person_id = viewer.id AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'OWNER') 
WHERE partnership.id = t7."subject_id" AND partnership.status = 'REQUESTED') WHEN (t7."kind" = 'INVITED') THEN EXISTS (SELECT invitation.id 
FROM invitation 
WHERE invitation.id = t7."subject_id" AND invitation.answered_at IS NULL AND invitation.revoked_at IS NULL AND invitation.expires_at > now()) WHEN (t7."kind" IN ('MATCH_REQUESTED', 'MATCH_DECIDED', 'MATCH_MESSAGE')) THEN EXISTS (SELECT 1 
FROM match_request AS told_request 
WHERE told_request."id" = t7."subject_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_request."asking_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_request."asked_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS told_request_organisation 
WHERE told_request_organisation."id" = told_request."asking_id" AND ((told_request_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_request_organisation."id" AND membership.ended_on IS NULL))) AND told_request_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS told_request_organisation 
WHERE told_request_organisation."id" = told_request."asked_id" AND ((told_request_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_request_organisation."id" AND membership.ended_on IS NULL))) AND told_request_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (t7."kind" IN ('EXCHANGE_CHANGED', 'EXCHANGE_ASKED', 'EXCHANGE_REMINDER')) THEN (EXISTS (SELECT 1 
FROM exchange AS told_exchange 
WHERE told_exchange."id" = t7."subject_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = told_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS told_exchange_organisation 
WHERE told_exchange_organisation."id" = told_exchange."lender_id" AND ((told_exchange_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_exchange_organisation."id" AND membership.ended_on IS NULL))) AND told_exchange_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS told_exchange_organisation 
WHERE told_exchange_organisation."id" = told_exchange."borrower_id" AND ((told_exchange_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_exchange_organisation."id" AND membership.ended_on IS NULL))) AND told_exchange_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))))) OR (EXISTS (SELECT raised_skill.id 
FROM raised_skill JOIN exchange_receipt ON exchange_receipt.id = raised_skill.receipt_id 
WHERE t7."kind" = 'EXCHANGE_ASKED' AND exchange_receipt.exchange_id = t7."subject_id" AND raised_skill.person_id = t7."person_id")) WHEN (t7."kind" = 'MATCHES_FOUND') THEN (EXISTS (SELECT 1 
FROM listing AS told_listing 
WHERE told_listing."id" = t7."subject_id" AND (told_listing."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (told_listing."audience" = 'PUBLIC' OR told_listing."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR told_listing."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = told_listing."organisation_id")) OR told_listing."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = told_listing."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = told_listing."organisation_id" OR partnership.addressee_id = told_listing."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR told_listing."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_listing."organisation_id" AND membership.ended_on IS NULL))) OR told_listing."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_listing."organisation_id" AND membership.ended_on IS NULL)) OR told_listing."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_listing."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS told_listing_organisation 
WHERE told_listing_organisation."id" = told_listing."organisation_id" AND ((told_listing_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_listing_organisation."id" AND membership.ended_on IS NULL))) AND told_listing_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))))) AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.organisation_id = t7."organisation_id" AND membership.person_id = viewer.id AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'OWNER', 'TALENT_MANAGER'))) ELSE true END) WHEN (u1."prefix" = 'pst') THEN (SELECT concat('{"__typename":"Post","id":"pst_', t8."id", '"}') AS concat_8 
FROM (SELECT post.id AS id, post.organisation_id AS organisation_id, post.author_id AS author_id, post.audience AS audience, post.hidden_at AS hidden_at 
FROM post 
WHERE post.id = u1."id") AS t8 
WHERE ((t8."audience" = 'PUBLIC' OR t8."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t8."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t8."organisation_id")) OR t8."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t8."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t8."organisation_id" OR partnership.addressee_id = t8."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t8."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t8."organisation_id" AND membership.ended_on IS NULL))) AND (t8."hidden_at" IS NULL OR t8."author_id" = viewer.id) AND t8."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t8."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t8."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t8."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t8_organisation 
WHERE t8_organisation."id" = t8."organisation_id" AND ((t8_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t8_organisation."id" AND membership.ended_on IS NULL))) AND t8_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'org') THEN (SELECT concat('{"__typename":"Organisation","id":"org_', t9."id", '"}') AS concat_9 
FROM (SELECT organisation.id AS id, organisation.suspended_at AS suspended_at 
FROM organisation 
WHERE organisation.id = u1."id") AS t9 
WHERE ((t9."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t9."id" AND membership.ended_on IS NULL))) AND t9."id" != ALL (viewer.hidden) OR viewer.is_moderator)) WHEN (u1."prefix" = 'idp') THEN (SELECT concat('{"__typename":"IdentityProvider","id":"idp_', t10."id", '"}') AS concat_10 
FROM (SELECT identity_provider.id AS id, identity_provider.organisation_id AS organisation_id 
FROM identity_provider 
WHERE identity_provider.id = u1."id") AS t10 
WHERE (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t10."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER')))) WHEN (u1."prefix" = 'fol') THEN (SELECT concat('{"__typename":"OrganisationFollow","id":"fol_', t11."id", '"}') AS concat_11 
FROM (SELECT follow.id AS id, follow.person_id AS person_id, follow.organisation_id AS organisation_id 
FROM follow 
WHERE follow.id = u1."id") AS t11 
WHERE t11."person_id" = viewer.id AND (EXISTS (SELECT 1 
FROM organisation AS t11_organisation 
WHERE t11_organisation."id" = t11."organisation_id" AND ((t11_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t11_organisation."id" AND membership.ended_on IS NULL))) AND t11_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'mem') THEN (SELECT concat('{"__typename":"Membership","id":"mem_', t12."id", '"}') AS concat_12 
FROM (SELECT membership.id AS id, membership.person_id AS person_id, membership.organisation_id AS organisation_id 
FROM membership 
WHERE membership.id = u1."id") AS t12 
WHERE (EXISTS (SELECT 1 
FROM person AS t12_person 
WHERE t12_person."id" = t12."person_id" AND t12_person."deactivated_at" IS NULL AND ((t12_person."suspended_at" IS NULL OR t12_person."id" = viewer.id) AND t12_person."id" != ALL (viewer.hidden) AND (t12_person."visibility" = 'PUBLIC' OR t12_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t12_person."id" = viewer.id OR t12_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t12_person."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t12_person."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t12_person."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t12_person."id")))))) AND (EXISTS (SELECT 1 
FROM organisation AS t12_organisation 
WHERE t12_organisation."id" = t12."organisation_id" AND ((t12_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t12_organisation."id" AND membership.ended_on IS NULL))) AND t12_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'inv') THEN (SELECT concat('{"__typename":"Invitation","id":"inv_', t13."id", '"}') AS concat_13 
FROM (SELECT invitation.id AS id, invitation.organisation_id AS organisation_id, invitation.email AS email 
FROM invitation 
WHERE invitation.id = u1."id") AS t13 
WHERE ((EXISTS (SELECT person.id 
FROM person 
WHERE person.id = viewer.id AND person.email = t13."email" AND person.email_verified_at IS NOT NULL)) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t13."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t13_organisation 
WHERE t13_organisation."id" = t13."organisation_id" AND ((t13_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t13_organisation."id" AND membership.ended_on IS NULL))) AND t13_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'jrq') THEN (SELECT concat('{"__typename":"JoinRequest","id":"jrq_', t14."id", '"}') AS concat_14 
FROM (SELECT join_request.id AS id, join_request.organisation_id AS organisation_id, join_request.person_id AS person_id 
FROM join_request 
WHERE join_request.id = u1."id") AS t14 
WHERE (t14."person_id" = viewer.id OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t14."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t14_organisation 
WHERE t14_organisation."id" = t14."organisation_id" AND ((t14_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t14_organisation."id" AND membership.ended_on IS NULL))) AND t14_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'dom') THEN (SELECT concat('{"__typename":"DomainClaim","id":"dom_', t15."id", '"}') AS concat_15 
FROM (SELECT domain_claim.id AS id, domain_claim.organisation_id AS organisation_id 
FROM domain_claim 
WHERE domain_claim.id = u1."id") AS t15 
WHERE (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t15."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN'))) AND (EXISTS (SELECT 1 
FROM organisation AS t15_organisation 
WHERE t15_organisation."id" = t15."organisation_id" AND ((t15_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t15_organisation."id" AND membership.ended_on IS NULL))) AND t15_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'prt') THEN (SELECT concat('{"__typename":"Partnership","id":"prt_', t16."id", '"}') AS concat_16 
FROM (SELECT partnership.id AS id, partnership.requester_id AS requester_id, partnership.addressee_id AS addressee_id 
FROM partnership 
WHERE partnership.id = u1."id") AS t16 
WHERE ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t16."requester_id" AND membership.ended_on IS NULL)) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t16."addressee_id" AND membership.ended_on IS NULL)))) WHEN (u1."prefix" = 'aud') THEN (SELECT concat('{"__typename":"AuditEntry","id":"aud_', t17."id", '"}') AS concat_17 
FROM (SELECT audit_entry.id AS id, audit_entry.organisation_id AS organisation_id 
FROM audit_entry 
WHERE audit_entry.id = u1."id") AS t17 
WHERE (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t17."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN'))) AND (EXISTS (SELECT 1 
FROM organisation AS t17_organisation 
WHERE t17_organisation."id" = t17."organisation_id" AND ((t17_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t17_organisation."id" AND membership.ended_on IS NULL))) AND t17_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'skl') THEN (SELECT concat('{"__typename":"Skill","id":"skl_', t18."id", '"}') AS concat_18 
FROM (SELECT skill.id AS id 
FROM skill 
WHERE skill.id = u1."id") AS t18) WHEN (u1."prefix" = 'scl') THEN (SELECT concat('{"__typename":"SkillCluster","id":"scl_', t19."id", '"}') AS concat_19 
FROM (SELECT skill_cluster.id AS id 
FROM skill_cluster 
WHERE skill_cluster.id = u1."id") AS t19) WHEN (u1."prefix" = 'sdm') THEN (SELECT concat('{"__typename":"SkillDomain","id":"sdm_', t20."id", '"}') AS concat_20 
FROM (SELECT skill_domain.id AS id 
FROM skill_domain 
WHERE skill_domain.id = u1."id") AS t20) WHEN (u1."prefix" = 'psk') THEN (SELECT concat('{"__typename":"PersonSkill","id":"psk_', t21."id", '"}') AS concat_21 
FROM (SELECT person_skill.id AS id, person_skill.person_id AS person_id 
FROM person_skill 
WHERE person_skill.id = u1."id") AS t21 
WHERE (EXISTS (SELECT 1 
FROM person AS t21_person 
WHERE t21_person."id" = t21."person_id" AND t21_person."deactivated_at" IS NULL AND ((t21_person."suspended_at" IS NULL OR t21_person."id" = viewer.id) AND t21_person."id" != ALL (viewer.hidden) AND (t21_person."visibility" = 'PUBLIC' OR t21_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t21_person."id" = viewer.id OR t21_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t21_person."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t21_person."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t21_person."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t21_person."id"))))))) WHEN (u1."prefix" = 'prf') THEN (SELECT concat('{"__typename":"SkillProof","id":"prf_', t22."id", '"}') AS concat_22 
FROM (SELECT skill_evidence.id AS id, skill_evidence.organisation_id AS organisation_id, skill_evidence.partner_id AS partner_id, skill_evidence.person_id AS person_id 
FROM skill_evidence 
WHERE skill_evidence.id = u1."id") AS t22 
WHERE (EXISTS (SELECT 1 
FROM organisation AS t22_organisation 
WHERE t22_organisation."id" = t22."organisation_id" AND ((t22_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t22_organisation."id" AND membership.ended_on IS NULL))) AND t22_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t22_partner 
WHERE t22_partner."id" = t22."partner_id" AND ((t22_partner."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t22_partner."id" AND membership.ended_on IS NULL))) AND t22_partner."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (t22."person_id" IS NULL OR (EXISTS (SELECT 1 
FROM person AS t22_person 
WHERE t22_person."id" = t22."person_id" AND t22_person."deactivated_at" IS NULL AND ((t22_person."suspended_at" IS NULL OR t22_person."id" = viewer.id) AND t22_person."id" != ALL (viewer.hidden) AND (t22_person."visibility" = 'PUBLIC' OR t22_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t22_person."id" = viewer.id OR t22_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t22_person."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t22_person."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t22_person."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t22_person."id")))))))) WHEN (u1."prefix" = 'exc') THEN (SELECT concat('{"__typename":"Exchange","id":"exc_', t23."id", '"}') AS concat_23 
FROM (SELECT exchange.id AS id, exchange.lender_id AS lender_id, exchange.borrower_id AS borrower_id 
FROM exchange 
WHERE exchange.id = u1."id") AS t23 
WHERE ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t23."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t23."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t23."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t23_lender 
WHERE t23_lender."id" = t23."lender_id" AND ((t23_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t23_lender."id" AND membership.ended_on IS NULL))) AND t23_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t23_borrower 
WHERE t23_borrower."id" = t23."borrower_id" AND ((t23_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t23_borrower."id" AND membership.ended_on IS NULL))) AND t23_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'mrq') THEN (SELECT concat('{"__typename":"MatchRequest","id":"mrq_', t24."id", '"}') AS concat_24 
FROM (SELECT match_request.id AS id, match_request.asking_id AS asking_id, match_request.asked_id AS asked_id 
FROM match_request 
WHERE match_request.id = u1."id") AS t24 
WHERE ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t24."asking_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t24."asked_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t24_asking 
WHERE t24_asking."id" = t24."asking_id" AND ((t24_asking."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t24_asking."id" AND membership.ended_on IS NULL))) AND t24_asking."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t24_asked 
WHERE t24_asked."id" = t24."asked_id" AND ((t24_asked."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t24_asked."id" AND membership.ended_on IS NULL))) AND t24_asked."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'lst') THEN (SELECT concat('{"__typename":"Listing","id":"lst_', t25."id", '"}') AS concat_25 
FROM (SELECT listing.id AS id, listing.organisation_id AS organisation_id, listing.status AS status, listing.audience AS audience 
FROM listing 
WHERE listing.id = u1."id") AS t25 
WHERE (t25."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t25."audience" = 'PUBLIC' OR t25."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t25."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t25."organisation_id")) OR t25."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t25."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t25."organisation_id" OR partnership.addressee_id = t25."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t25."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t25."organisation_id" AND membership.ended_on IS NULL))) OR t25."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t25."organisation_id" AND membership.ended_on IS NULL)) OR t25."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t25."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t25_organisation 
WHERE t25_organisation."id" = t25."organisation_id" AND ((t25_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t25_organisation."id" AND membership.ended_on IS NULL))) AND t25_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'lsk') THEN (SELECT concat('{"__typename":"ListingSkill","id":"lsk_', t26."id", '"}') AS concat_26 
FROM (SELECT listing_skill.id AS id, listing_skill.listing_id AS listing_id 
FROM listing_skill 
WHERE listing_skill.id = u1."id") AS t26 
WHERE (EXISTS (SELECT 1 
FROM listing AS t26_listing 
WHERE t26_listing."id" = t26."listing_id" AND (t26_listing."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t26_listing."audience" = 'PUBLIC' OR t26_listing."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t26_listing."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t26_listing."organisation_id")) OR t26_listing."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t26_listing."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t26_listing."organisation_id" OR partnership.addressee_id = t26_listing."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t26_listing."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t26_listing."organisation_id" AND membership.ended_on IS NULL))) OR t26_listing."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t26_listing."organisation_id" AND membership.ended_on IS NULL)) OR t26_listing."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t26_listing."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t26_listing_organisation 
WHERE t26_listing_organisation."id" = t26_listing."organisation_id" AND ((t26_listing_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t26_listing_organisation."id" AND membership.ended_on IS NULL))) AND t26_listing_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'plc') THEN (SELECT concat('{"__typename":"Place","id":"plc_', t27."id", '"}') AS concat_27 
FROM (SELECT place.id AS id 
FROM place 
WHERE place.id = u1."id") AS t27) WHEN (u1."prefix" = 'lss') THEN (SELECT concat('{"__typename":"ListingStep","id":"lss_', t28."id", '"}') AS concat_28 
FROM (SELECT listing_step.id AS id, listing_step.listing_id AS listing_id 
FROM listing_step 
WHERE listing_step.id = u1."id") AS t28 
WHERE (EXISTS (SELECT listing.id 
FROM listing 
WHERE listing.id = t28."listing_id" AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = listing.organisation_id AND membership.ended_on IS NULL)))) AND (EXISTS (SELECT 1 
FROM listing AS t28_listing 
WHERE t28_listing."id" = t28."listing_id" AND (t28_listing."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t28_listing."audience" = 'PUBLIC' OR t28_listing."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t28_listing."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t28_listing."organisation_id")) OR t28_listing."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t28_listing."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t28_listing."organisation_id" OR partnership.addressee_id = t28_listing."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t28_listing."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t28_listing."organisation_id" AND membership.ended_on IS NULL))) OR t28_listing."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t28_listing."organisation_id" AND membership.ended_on IS NULL)) OR t28_listing."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t28_listing."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t28_listing_organisation 
WHERE t28_listing_organisation."id" = t28_listing."organisation_id" AND ((t28_listing_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t28_listing_organisation."id" AND membership.ended_on IS NULL))) AND t28_listing_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'llk') THEN (SELECT concat('{"__typename":"ListingLooker","id":"llk_', t29."id", '"}') AS concat_29 
FROM (SELECT listing_look.id AS id, listing_look.listing_id AS listing_id, listing_look.organisation_id AS organisation_id 
FROM listing_look 
WHERE listing_look.id = u1."id") AS t29 
WHERE (EXISTS (SELECT listing.id 
FROM listing 
WHERE listing.id = t29."listing_id" AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = listing.organisation_id AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))))) AND (EXISTS (SELECT 1 
FROM listing AS t29_listing 
WHERE t29_listing."id" = t29."listing_id" AND (t29_listing."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t29_listing."audience" = 'PUBLIC' OR t29_listing."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t29_listing."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t29_listing."organisation_id")) OR t29_listing."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t29_listing."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t29_listing."organisation_id" OR partnership.addressee_id = t29_listing."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t29_listing."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29_listing."organisation_id" AND membership.ended_on IS NULL))) OR t29_listing."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29_listing."organisation_id" AND membership.ended_on IS NULL)) OR t29_listing."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29_listing."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t29_listing_organisation 
WHERE t29_listing_organisation."id" = t29_listing."organisation_id" AND ((t29_listing_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29_listing_organisation."id" AND membership.ended_on IS NULL))) AND t29_listing_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))))) AND (EXISTS (SELECT 1 
FROM organisation AS t29_organisation 
WHERE t29_organisation."id" = t29."organisation_id" AND ((t29_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29_organisation."id" AND membership.ended_on IS NULL))) AND t29_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'mat') THEN (SELECT concat('{"__typename":"Match","id":"mat_', t30."id", '"}') AS concat_30 
FROM (SELECT listing_match.id AS id, listing_match.offer_id AS offer_id, listing_match.request_id AS request_id, listing_match.offering_id AS offering_id, listing_match.requesting_id AS requesting_id 
FROM listing_match 
WHERE listing_match.id = u1."id") AS t30 
WHERE ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30."offering_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30."requesting_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM listing AS t30_offer 
WHERE t30_offer."id" = t30."offer_id" AND (t30_offer."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t30_offer."audience" = 'PUBLIC' OR t30_offer."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t30_offer."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t30_offer."organisation_id")) OR t30_offer."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t30_offer."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t30_offer."organisation_id" OR partnership.addressee_id = t30_offer."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t30_offer."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30_offer."organisation_id" AND membership.ended_on IS NULL))) OR t30_offer."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30_offer."organisation_id" AND membership.ended_on IS NULL)) OR t30_offer."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30_offer."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t30_offer_organisation 
WHERE t30_offer_organisation."id" = t30_offer."organisation_id" AND ((t30_offer_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30_offer_organisation."id" AND membership.ended_on IS NULL))) AND t30_offer_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))))) AND (EXISTS (SELECT 1 
FROM listing AS t30_request 
WHERE t30_request."id" = t30."request_id" AND (t30_request."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t30_request."audience" = 'PUBLIC' OR t30_request."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t30_request."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t30_request."organisation_id")) OR t30_request."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t30_request."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t30_request."organisation_id" OR partnership.addressee_id = t30_request."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t30_request."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30_request."organisation_id" AND membership.ended_on IS NULL))) OR t30_request."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30_request."organisation_id" AND membership.ended_on IS NULL)) OR t30_request."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30_request."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t30_request_organisation 
WHERE t30_request_organisation."id" = t30_request."organisation_id" AND ((t30_request_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30_request_organisation."id" AND membership.ended_on IS NULL))) AND t30_request_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'mms') THEN (SELECT concat('{"__typename":"MatchMessage","id":"mms_', t31."id", '"}') AS concat_31 
FROM (SELECT match_message.id AS id, match_message.match_request_id AS match_request_id 
FROM match_message 
WHERE match_message.id = u1."id") AS t31 
WHERE (EXISTS (SELECT 1 
FROM match_request AS t31_match_request 
WHERE t31_match_request."id" = t31."match_request_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t31_match_request."asking_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t31_match_request."asked_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t31_match_request_asking 
WHERE t31_match_request_asking."id" = t31_match_request."asking_id" AND ((t31_match_request_asking."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t31_match_request_asking."id" AND membership.ended_on IS NULL))) AND t31_match_request_asking."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t31_match_request_asked 
WHERE t31_match_request_asked."id" = t31_match_request."asked_id" AND ((t31_match_request_asked."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t31_match_request_asked."id" AND membership.ended_on IS NULL))) AND t31_match_request_asked."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'med') THEN (SELECT concat('{"__typename":"Media","id":"med_', t32."id", '"}') AS concat_32 
FROM (SELECT media.id AS id, media.uploaded_by_id AS uploaded_by_id, media.post_id AS post_id, media.organisation_id AS organisation_id, media.person_id AS person_id, media.match_message_id AS match_message_id 
FROM media 
WHERE media.id = u1."id") AS t32 
WHERE (t32."post_id" IS NOT NULL OR t32."match_message_id" IS NOT NULL OR t32."organisation_id" IS NOT NULL OR t32."person_id" IS NOT NULL OR t32."uploaded_by_id" = viewer.id) AND (t32."post_id" IS NULL OR (EXISTS (SELECT 1 
FROM post AS t32_post 
WHERE t32_post."id" = t32."post_id" AND ((t32_post."audience" = 'PUBLIC' OR t32_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t32_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t32_post."organisation_id")) OR t32_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t32_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t32_post."organisation_id" OR partnership.addressee_id = t32_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t32_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t32_post."organisation_id" AND membership.ended_on IS NULL))) AND (t32_post."hidden_at" IS NULL OR t32_post."author_id" = viewer.id) AND t32_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t32_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t32_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t32_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t32_post_organisation 
WHERE t32_post_organisation."id" = t32_post."organisation_id" AND ((t32_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t32_post_organisation."id" AND membership.ended_on IS NULL))) AND t32_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) AND (t32."match_message_id" IS NULL OR (EXISTS (SELECT 1 
FROM match_message AS t32_match_message 
WHERE t32_match_message."id" = t32."match_message_id" AND (EXISTS (SELECT 1 
FROM match_request AS t32_match_message_match_request 
WHERE t32_match_message_match_request."id" = t32_match_message."match_request_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t32_match_message_match_request."asking_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t32_match_message_match_request."asked_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t32_match_message_match_request_asking 
WHERE t32_match_message_match_request_asking."id" = t32_match_message_match_request."asking_id" AND ((t32_match_message_match_request_asking."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t32_match_message_match_request_asking."id" AND membership.ended_on IS NULL))) AND t32_match_message_match_request_asking."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t32_match_message_match_request_asked 
WHERE t32_match_message_match_request_asked."id" = t32_match_message_match_request."asked_id" AND ((t32_match_message_match_request_asked."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t32_match_message_match_request_asked."id" AND membership.ended_on IS NULL))) AND t32_match_message_match_request_asked."id" != ALL (viewer.hidden) OR viewer.is_moderator))))))))) WHEN (u1."prefix" = 'agv') THEN (SELECT concat('{"__typename":"AgreementVersion","id":"agv_', t33."id", '"}') AS concat_33 
FROM (SELECT agreement_version.id AS id, agreement_version.exchange_id AS exchange_id 
FROM agreement_version 
WHERE agreement_version.id = u1."id") AS t33 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t33_exchange 
WHERE t33_exchange."id" = t33."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t33_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t33_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t33_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t33_exchange_lender 
WHERE t33_exchange_lender."id" = t33_exchange."lender_id" AND ((t33_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t33_exchange_lender."id" AND membership.ended_on IS NULL))) AND t33_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t33_exchange_borrower 
WHERE t33_exchange_borrower."id" = t33_exchange."borrower_id" AND ((t33_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t33_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t33_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'xpe') THEN (SELECT concat('{"__typename":"ExchangePerson","id":"xpe_', t34."id", '"}') AS concat_34 
FROM (SELECT exchange_person.id AS id, exchange_person.exchange_id AS exchange_id 
FROM exchange_person 
WHERE exchange_person.id = u1."id") AS t34 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t34_exchange 
WHERE t34_exchange."id" = t34."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t34_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t34_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t34_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t34_exchange_lender 
WHERE t34_exchange_lender."id" = t34_exchange."lender_id" AND ((t34_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t34_exchange_lender."id" AND membership.ended_on IS NULL))) AND t34_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t34_exchange_borrower 
WHERE t34_exchange_borrower."id" = t34_exchange."borrower_id" AND ((t34_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t34_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t34_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'sig') THEN (SELECT concat('{"__typename":"AgreementSignature","id":"sig_', t35."id", '"}') AS concat_35 
FROM (SELECT agreement_signature.id AS id, agreement_signature.exchange_id AS exchange_id, agreement_signature.version_id AS version_id 
FROM agreement_signature 
WHERE agreement_signature.id = u1."id") AS t35 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t35_exchange 
WHERE t35_exchange."id" = t35."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t35_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t35_exchange_lender 
WHERE t35_exchange_lender."id" = t35_exchange."lender_id" AND ((t35_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_exchange_lender."id" AND membership.ended_on IS NULL))) AND t35_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t35_exchange_borrower 
WHERE t35_exchange_borrower."id" = t35_exchange."borrower_id" AND ((t35_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t35_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator))))) AND (EXISTS (SELECT 1 
FROM agreement_version AS t35_version 
WHERE t35_version."id" = t35."version_id" AND (EXISTS (SELECT 1 
FROM exchange AS t35_version_exchange 
WHERE t35_version_exchange."id" = t35_version."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_version_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_version_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t35_version_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t35_version_exchange_lender 
WHERE t35_version_exchange_lender."id" = t35_version_exchange."lender_id" AND ((t35_version_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_version_exchange_lender."id" AND membership.ended_on IS NULL))) AND t35_version_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t35_version_exchange_borrower 
WHERE t35_version_exchange_borrower."id" = t35_version_exchange."borrower_id" AND ((t35_version_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_version_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t35_version_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))))) WHEN (u1."prefix" = 'xln') THEN (SELECT concat('{"__typename":"ExchangeLine","id":"xln_', t36."id", '"}') AS concat_36 
FROM (SELECT exchange_line.id AS id, exchange_line.exchange_id AS exchange_id 
FROM exchange_line 
WHERE exchange_line.id = u1."id") AS t36 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t36_exchange 
WHERE t36_exchange."id" = t36."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t36_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t36_exchange_lender 
WHERE t36_exchange_lender."id" = t36_exchange."lender_id" AND ((t36_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_exchange_lender."id" AND membership.ended_on IS NULL))) AND t36_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t36_exchange_borrower 
WHERE t36_exchange_borrower."id" = t36_exchange."borrower_id" AND ((t36_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t36_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'hrs') THEN (SELECT concat('{"__typename":"ExchangeHours","id":"hrs_', t37."id", '"}') AS concat_37 
FROM (SELECT exchange_hours.id AS id, exchange_hours.exchange_id AS exchange_id 
FROM exchange_hours 
WHERE exchange_hours.id = u1."id") AS t37 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t37_exchange 
WHERE t37_exchange."id" = t37."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t37_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t37_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t37_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t37_exchange_lender 
WHERE t37_exchange_lender."id" = t37_exchange."lender_id" AND ((t37_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t37_exchange_lender."id" AND membership.ended_on IS NULL))) AND t37_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t37_exchange_borrower 
WHERE t37_exchange_borrower."id" = t37_exchange."borrower_id" AND ((t37_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t37_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t37_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'rcp') THEN (SELECT concat('{"__typename":"ExchangeReceipt","id":"rcp_', t38."id", '"}') AS concat_38 
FROM (SELECT exchange_receipt.id AS id, exchange_receipt.exchange_id AS exchange_id 
FROM exchange_receipt 
WHERE exchange_receipt.id = u1."id") AS t38 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t38_exchange 
WHERE t38_exchange."id" = t38."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t38_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t38_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t38_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t38_exchange_lender 
WHERE t38_exchange_lender."id" = t38_exchange."lender_id" AND ((t38_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t38_exchange_lender."id" AND membership.ended_on IS NULL))) AND t38_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t38_exchange_borrower 
WHERE t38_exchange_borrower."id" = t38_exchange."borrower_id" AND ((t38_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t38_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t38_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'rsk') THEN (SELECT concat('{"__typename":"RaisedSkill","id":"rsk_', t39."id", '"}') AS concat_39 
FROM (SELECT raised_skill.id AS id, raised_skill.receipt_id AS receipt_id, raised_skill.person_id AS person_id, raised_skill.organisation_id AS organisation_id 
FROM raised_skill 
WHERE raised_skill.id = u1."id") AS t39 
WHERE (t39."person_id" = viewer.id OR (EXISTS (SELECT exchange_receipt.id 
FROM exchange_receipt 
WHERE exchange_receipt.id = t39."receipt_id" AND (EXISTS (SELECT 1 
FROM exchange AS raising_exchange 
WHERE raising_exchange."id" = exchange_receipt.exchange_id AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = raising_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = raising_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = raising_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS raising_exchange_organisation 
WHERE raising_exchange_organisation."id" = raising_exchange."lender_id" AND ((raising_exchange_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = raising_exchange_organisation."id" AND membership.ended_on IS NULL))) AND raising_exchange_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS raising_exchange_organisation 
WHERE raising_exchange_organisation."id" = raising_exchange."borrower_id" AND ((raising_exchange_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = raising_exchange_organisation."id" AND membership.ended_on IS NULL))) AND raising_exchange_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))))) AND (EXISTS (SELECT 1 
FROM organisation AS t39_organisation 
WHERE t39_organisation."id" = t39."organisation_id" AND ((t39_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t39_organisation."id" AND membership.ended_on IS NULL))) AND t39_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'sfo') THEN (SELECT concat('{"__typename":"SkillFollow","id":"sfo_', t40."id", '"}') AS concat_40 
FROM (SELECT skill_follow.id AS id, skill_follow.person_id AS person_id 
FROM skill_follow 
WHERE skill_follow.id = u1."id") AS t40 
WHERE t40."person_id" = viewer.id) WHEN (u1."prefix" = 'com') THEN (SELECT concat('{"__typename":"Comment","id":"com_', t41."id", '"}') AS concat_41 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.author_id AS author_id, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.id = u1."id") AS t41 
WHERE ((t41."hidden_at" IS NULL OR t41."author_id" = viewer.id) AND t41."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t41."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.comment_id = t41."id")))) AND (EXISTS (SELECT 1 
FROM post AS t41_post 
WHERE t41_post."id" = t41."post_id" AND ((t41_post."audience" = 'PUBLIC' OR t41_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t41_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t41_post."organisation_id")) OR t41_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t41_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t41_post."organisation_id" OR partnership.addressee_id = t41_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t41_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t41_post."organisation_id" AND membership.ended_on IS NULL))) AND (t41_post."hidden_at" IS NULL OR t41_post."author_id" = viewer.id) AND t41_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t41_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t41_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t41_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t41_post_organisation 
WHERE t41_post_organisation."id" = t41_post."organisation_id" AND ((t41_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t41_post_organisation."id" AND membership.ended_on IS NULL))) AND t41_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'men') THEN (SELECT concat('{"__typename":"Mention","id":"men_', t42."id", '"}') AS concat_42 
FROM (SELECT mention.id AS id, mention.post_id AS post_id, mention.comment_id AS comment_id 
FROM mention 
WHERE mention.id = u1."id") AS t42 
WHERE (t42."comment_id" IS NULL OR (EXISTS (SELECT comment.id 
FROM comment 
WHERE comment.id = t42."comment_id" AND ((comment.hidden_at IS NULL OR comment.author_id = viewer.id) AND comment.author_id != ALL (viewer.hidden) OR viewer.is_moderator AND (comment.hidden_at IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.comment_id = comment.id))))))) AND (EXISTS (SELECT 1 
FROM post AS t42_post 
WHERE t42_post."id" = t42."post_id" AND ((t42_post."audience" = 'PUBLIC' OR t42_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t42_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t42_post."organisation_id")) OR t42_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t42_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t42_post."organisation_id" OR partnership.addressee_id = t42_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t42_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t42_post."organisation_id" AND membership.ended_on IS NULL))) AND (t42_post."hidden_at" IS NULL OR t42_post."author_id" = viewer.id) AND t42_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t42_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t42_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t42_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t42_post_organisation 
WHERE t42_post_organisation."id" = t42_post."organisation_id" AND ((t42_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t42_post_organisation."id" AND membership.ended_on IS NULL))) AND t42_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'str') THEN (SELECT concat('{"__typename":"OrganisationStrength","id":"str_', t43."id", '"}') AS concat_43 
FROM (SELECT organisation_strength.id AS id, organisation_strength.organisation_id AS organisation_id 
FROM organisation_strength 
WHERE organisation_strength.id = u1."id") AS t43 
WHERE (EXISTS (SELECT 1 
FROM organisation AS t43_organisation 
WHERE t43_organisation."id" = t43."organisation_id" AND ((t43_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t43_organisation."id" AND membership.ended_on IS NULL))) AND t43_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'blk') THEN (SELECT concat('{"__typename":"Block","id":"blk_', t44."id", '"}') AS concat_44 
FROM (SELECT block.id AS id, block.person_id AS person_id, block.organisation_id AS organisation_id, block.by_organisation AS by_organisation 
FROM block 
WHERE block.id = u1."id") AS t44 
WHERE (NOT t44."by_organisation" AND t44."person_id" = viewer.id OR t44."by_organisation" AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t44."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'OWNER'))))) WHEN (u1."prefix" = 'end') THEN (SELECT concat('{"__typename":"Endorsement","id":"end_', t45."id", '"}') AS concat_45 
FROM (SELECT endorsement.id AS id, endorsement.organisation_id AS organisation_id, endorsement.endorsed_id AS endorsed_id 
FROM endorsement 
WHERE endorsement.id = u1."id") AS t45 
WHERE (EXISTS (SELECT 1 
FROM organisation AS t45_organisation 
WHERE t45_organisation."id" = t45."organisation_id" AND ((t45_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t45_organisation."id" AND membership.ended_on IS NULL))) AND t45_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t45_endorsed 
WHERE t45_endorsed."id" = t45."endorsed_id" AND ((t45_endorsed."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t45_endorsed."id" AND membership.ended_on IS NULL))) AND t45_endorsed."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'dra') THEN (SELECT concat('{"__typename":"PostDraft","id":"dra_', t46."id", '"}') AS concat_46 
FROM (SELECT post_draft.id AS id, post_draft.organisation_id AS organisation_id 
FROM post_draft 
WHERE post_draft.id = u1."id") AS t46 
WHERE (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t46."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'EDITOR', 'OWNER', 'TALENT_MANAGER'))) AND (EXISTS (SELECT 1 
FROM organisation AS t46_organisation 
WHERE t46_organisation."id" = t46."organisation_id" AND ((t46_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t46_organisation."id" AND membership.ended_on IS NULL))) AND t46_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (u1."prefix" = 'rev') THEN (SELECT concat('{"__typename":"PostRevision","id":"rev_', t47."id", '"}') AS concat_47 
FROM (SELECT post_revision.id AS id, post_revision.post_id AS post_id 
FROM post_revision 
WHERE post_revision.id = u1."id") AS t47 
WHERE (EXISTS (SELECT 1 
FROM post AS t47_post 
WHERE t47_post."id" = t47."post_id" AND ((t47_post."audience" = 'PUBLIC' OR t47_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t47_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t47_post."organisation_id")) OR t47_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t47_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t47_post."organisation_id" OR partnership.addressee_id = t47_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t47_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t47_post."organisation_id" AND membership.ended_on IS NULL))) AND (t47_post."hidden_at" IS NULL OR t47_post."author_id" = viewer.id) AND t47_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t47_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t47_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t47_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t47_post_organisation 
WHERE t47_post_organisation."id" = t47_post."organisation_id" AND ((t47_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t47_post_organisation."id" AND membership.ended_on IS NULL))) AND t47_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'rea') THEN (SELECT concat('{"__typename":"Reaction","id":"rea_', t48."id", '"}') AS concat_48 
FROM (SELECT reaction.id AS id, reaction.post_id AS post_id 
FROM reaction 
WHERE reaction.id = u1."id") AS t48 
WHERE (EXISTS (SELECT 1 
FROM post AS t48_post 
WHERE t48_post."id" = t48."post_id" AND ((t48_post."audience" = 'PUBLIC' OR t48_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t48_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t48_post."organisation_id")) OR t48_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t48_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t48_post."organisation_id" OR partnership.addressee_id = t48_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t48_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t48_post."organisation_id" AND membership.ended_on IS NULL))) AND (t48_post."hidden_at" IS NULL OR t48_post."author_id" = viewer.id) AND t48_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t48_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t48_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t48_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t48_post_organisation 
WHERE t48_post_organisation."id" = t48_post."organisation_id" AND ((t48_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t48_post_organisation."id" AND membership.ended_on IS NULL))) AND t48_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN (u1."prefix" = 'sav') THEN (SELECT concat('{"__typename":"SavedSearch","id":"sav_', t49."id", '"}') AS concat_49 
FROM (SELECT saved_search.id AS id, saved_search.person_id AS person_id 
FROM saved_search 
WHERE saved_search.id = u1."id") AS t49 
WHERE t49."person_id" = viewer.id) WHEN (u1."prefix" = 'mks') THEN (SELECT concat('{"__typename":"MarketSearch","id":"mks_', t50."id", '"}') AS concat_50 
FROM (SELECT market_search.id AS id, market_search.person_id AS person_id 
FROM market_search 
WHERE market_search.id = u1."id") AS t50 
WHERE t50."person_id" = viewer.id) WHEN (u1."prefix" = 'pfo') THEN (SELECT concat('{"__typename":"PersonFollow","id":"pfo_', t51."id", '"}') AS concat_51 
FROM (SELECT person_follow.id AS id, person_follow.person_id AS person_id, person_follow.followed_id AS followed_id 
FROM person_follow 
WHERE person_follow.id = u1."id") AS t51 
WHERE t51."person_id" = viewer.id AND (EXISTS (SELECT 1 
FROM person AS t51_followed 
WHERE t51_followed."id" = t51."followed_id" AND t51_followed."deactivated_at" IS NULL AND ((t51_followed."suspended_at" IS NULL OR t51_followed."id" = viewer.id) AND t51_followed."id" != ALL (viewer.hidden) AND (t51_followed."visibility" = 'PUBLIC' OR t51_followed."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t51_followed."id" = viewer.id OR t51_followed."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t51_followed."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t51_followed."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t51_followed."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t51_followed."id"))))))) WHEN (u1."prefix" = 'mut') THEN (SELECT concat('{"__typename":"Mute","id":"mut_', t52."id", '"}') AS concat_52 
FROM (SELECT mute.id AS id, mute.person_id AS person_id 
FROM mute 
WHERE mute.id = u1."id") AS t52 
WHERE t52."person_id" = viewer.id) WHEN (u1."prefix" = 'rpt') THEN (SELECT concat('{"__typename":"Report","id":"rpt_', t53."id", '"}') AS concat_53 
FROM (SELECT report.id AS id, report.reporter_id AS reporter_id 
FROM report 
WHERE report.id = u1."id") AS t53 
WHERE (t53."reporter_id" = viewer.id OR viewer.is_moderator)) WHEN (u1."prefix" = 'mac') THEN (SELECT concat('{"__typename":"ModerationAction","id":"mac_', t54."id", '"}') AS concat_54 
FROM (SELECT moderation_action.id AS id, moderation_action.organisation_id AS organisation_id, moderation_action.addressee_id AS addressee_id 
FROM moderation_action 
WHERE moderation_action.id = u1."id") AS t54 
WHERE (t54."addressee_id" = viewer.id OR viewer.is_moderator OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t54."organisation_id" AND membership.role = 'OWNER' AND membership.ended_on IS NULL)))) WHEN (u1."prefix" = 'apl') THEN (SELECT concat('{"__typename":"Appeal","id":"apl_', t55."id", '"}') AS concat_55 
FROM (SELECT appeal.id AS id, appeal.appellant_id AS appellant_id 
FROM appeal 
WHERE appeal.id = u1."id") AS t55 
WHERE (t55."appellant_id" = viewer.id OR viewer.is_moderator)) WHEN (u1."prefix" = 'cas') THEN (SELECT concat('{"__typename":"ModerationCase","id":"cas_', t56."id", '"}') AS concat_56 
FROM (SELECT report.id AS id, report.post_id AS post_id, report.comment_id AS comment_id, report.person_id AS person_id, report.organisation_id AS organisation_id, report.status AS status 
FROM report 
WHERE report.id = u1."id") AS t56 
WHERE viewer.is_moderator AND t56."status" = 'OPEN' AND NOT (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.status = 'OPEN' AND coalesce(report_1.post_id, report_1.comment_id, report_1.person_id, report_1.organisation_id) = coalesce(t56."post_id", t56."comment_id", t56."person_id", t56."organisation_id") AND report_1.id < t56."id"))) WHEN (u1."prefix" = 'mlg') THEN (SELECT concat('{"__typename":"ModerationLogEntry","id":"mlg_', t57."id", '"}') AS concat_57 
FROM (SELECT moderation_action.id AS id 
FROM moderation_action 
WHERE moderation_action.id = u1."id") AS t57) ELSE NULL END, 'null'), ',' ORDER BY u1."n" ASC), ']') AS concat_1 
FROM unnest($1::TEXT[], $2::UUID[]) WITH ORDINALITY AS u1(prefix, id, n)), 'UTF8') AS json_0 
FROM viewer
