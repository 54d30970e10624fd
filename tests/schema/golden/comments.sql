WITH viewer AS materialized 
(SELECT who.id AS id, array((SELECT coalesce(block.blocked_person_id, block.organisation_id) AS coalesce_1 
FROM block 
WHERE block.person_id = who.id UNION ALL SELECT block.person_id 
FROM block 
WHERE block.blocked_person_id = who.id UNION ALL SELECT block.person_id 
FROM block JOIN membership ON membership.organisation_id = block.organisation_id 
WHERE membership.person_id = who.id AND membership.ended_on IS NULL)) AS hidden, coalesce((SELECT person.is_moderator 
FROM person 
WHERE person.id = who.id AND person.suspended_at IS NULL), false) AS is_moderator, $5::BYTEA AS secret_hash 
FROM (SELECT (SELECT (SELECT person.id 
FROM person 
WHERE person.id = credential.person_id AND person.deactivated_at IS NULL) AS anon_1 
FROM (SELECT access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.secret_hash = $5::BYTEA AND access_token.revoked_at IS NULL AND (access_token.expires_at IS NULL OR access_token.expires_at > now()) UNION ALL SELECT session.person_id AS person_id 
FROM session 
WHERE session.secret_hash = $5::BYTEA AND session.revoked_at IS NULL AND session.expires_at > now()) AS credential 
 LIMIT 1) AS id
 LIMIT ALL OFFSET 0) AS who)
 SELECT viewer.id AS viewer, convert_to(CASE WHEN ($1::VARCHAR = 'per') THEN (SELECT concat('{"id":"per_', t1."id", '"}') AS concat_1 
FROM (SELECT person.id AS id, person.visibility AS visibility, person.deactivated_at AS deactivated_at, person.suspended_at AS suspended_at 
FROM person 
WHERE person.id = $2::UUID) AS t1 
WHERE t1."deactivated_at" IS NULL AND ((t1."suspended_at" IS NULL OR t1."id" = viewer.id) AND t1."id" != ALL (viewer.hidden) AND (t1."visibility" = 'PUBLIC' OR t1."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t1."id" = viewer.id OR t1."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t1."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t1."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t1."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t1."id"))))) WHEN ($1::VARCHAR = 'pky') THEN (SELECT concat('{"id":"pky_', t2."id", '"}') AS concat_2 
FROM (SELECT passkey.id AS id, passkey.person_id AS person_id 
FROM passkey 
WHERE passkey.id = $2::UUID) AS t2 
WHERE t2."person_id" = viewer.id) WHEN ($1::VARCHAR = 'ses') THEN (SELECT concat('{"id":"ses_', t3."id", '"}') AS concat_3 
FROM (SELECT session.id AS id, session.person_id AS person_id 
FROM session 
WHERE session.id = $2::UUID) AS t3 
WHERE t3."person_id" = viewer.id) WHEN ($1::VARCHAR = 'exp') THEN (SELECT concat('{"id":"exp_', t4."id", '"}') AS concat_4 
FROM (SELECT data_export.id AS id, data_export.person_id AS person_id 
FROM data_export 
WHERE data_export.id = $2::UUID) AS t4 
WHERE t4."person_id" = viewer.id) WHEN ($1::VARCHAR = 'tok') THEN (SELECT concat('{"id":"tok_', t5."id", '"}') AS concat_5 
FROM (SELECT access_token.id AS id, access_token.person_id AS person_id 
FROM access_token 
WHERE access_token.id = $2::UUID) AS t5 
WHERE t5."person_id" = viewer.id) WHEN ($1::VARCHAR = 'ntf') THEN (SELECT concat('{"id":"ntf_', t6."id", '"}') AS concat_6 
FROM (SELECT notification.id AS id, notification.person_id AS person_id, notification.kind AS kind, notification.subject_id AS subject_id, notification.organisation_id AS organisation_id, notification.post_id AS post_id, notification.comment_id AS comment_id, notification.listing_id AS listing_id, notification.actor_ids AS actor_ids, notification.actor_count AS actor_count 
FROM notification 
WHERE notification.id = $2::UUID) AS t6 
WHERE t6."person_id" = viewer.id AND (t6."post_id" IS NULL OR (EXISTS (SELECT 1 
FROM post AS told_post 
WHERE told_post."id" = t6."post_id" AND ((told_post."audience" = 'PUBLIC' OR told_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR told_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_post_organisation."id" AND membership.ended_on IS NULL))) AND told_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) AND (t6."comment_id" IS NULL OR (EXISTS (SELECT 1 
FROM comment AS told_comment 
WHERE told_comment."id" = t6."comment_id" AND ((told_comment."hidden_at" IS NULL OR told_comment."author_id" = viewer.id) AND told_comment."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (told_comment."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_3.id 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_comment_post_organisation."id" AND membership.ended_on IS NULL))) AND told_comment_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))))) AND (t6."organisation_id" IS NULL OR (EXISTS (SELECT 1 
FROM organisation AS told_organisation 
WHERE told_organisation."id" = t6."organisation_id" AND ((told_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_organisation."id" AND membership.ended_on IS NULL))) AND told_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) AND (t6."listing_id" IS NULL OR (EXISTS (SELECT 1 
FROM listing AS told_listing 
WHERE told_listing."id" = t6."listing_id" AND (told_listing."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (told_listing."audience" = 'PUBLIC' OR told_listing."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR told_listing."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_listing_organisation."id" AND membership.ended_on IS NULL))) AND told_listing_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) AND (t6."actor_count" = 0 OR CASE WHEN (cardinality(viewer.hidden) = 0) THEN t6."actor_count" ELSE coalesce(t6."actor_count" - (SELECT count(*) AS count_1 
FROM notification_actor 
WHERE notification_actor.notification_id = t6."id" AND notification_actor.person_id = ANY (viewer.hidden)), 0) END > 0) AND NOT (EXISTS (SELECT notification_preference.kind 
FROM notification_preference 
WHERE notification_preference.person_id = t6."person_id" AND notification_preference.kind = t6."kind" AND NOT notification_preference.in_app)) AND CASE WHEN (t6."kind" IN ('POST_COMMENTED', 'COMMENT_REPLIED')) THEN EXISTS (SELECT 1 
FROM comment AS told_of 
WHERE CASE WHEN (t6."kind" = 'POST_COMMENTED') THEN told_of."post_id" = t6."post_id" ELSE told_of."parent_id" = t6."comment_id" END AND told_of."author_id" = ANY (t6."actor_ids") AND told_of."deleted_at" IS NULL AND (EXISTS (SELECT 1 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_answer_post_organisation."id" AND membership.ended_on IS NULL))) AND told_answer_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))))) WHEN (t6."kind" = 'JOIN_REQUESTED') THEN EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.organisation_id = t6."organisation_id" AND membership.person_id = viewer.id AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'OWNER', 'TALENT_MANAGER')) WHEN (t6."kind" = 'PARTNERSHIP_REQUESTED') THEN EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = partnership.addressee_id AND membership.person_id = viewer.id AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'OWNER') 
WHERE partnership.id = t6."subject_id" AND partnership.status = 'REQUESTED') WHEN (t6."kind" = 'INVITED') THEN EXISTS (SELECT invitation.id 
FROM invitation 
WHERE invitation.id = t6."subject_id" AND invitation.answered_at IS NULL AND invitation.revoked_at IS NULL AND invitation.expires_at > now()) WHEN (t6."kind" IN ('MATCH_REQUESTED', 'MATCH_DECIDED', 'MATCH_MESSAGE')) THEN EXISTS (SELECT 1 
FROM match_request AS told_request 
WHERE told_request."id" = t6."subject_id" AND ((EXISTS (SELECT membership.id 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = told_request_organisation."id" AND membership.ended_on IS NULL))) AND told_request_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN (t6."kind" IN ('EXCHANGE_CHANGED', 'EXCHANGE_ASKED', 'EXCHANGE_REMINDER')) THEN (EXISTS (SELECT 1 
FROM exchange AS told_exchange 
WHERE told_exchange."id" = t6."subject_id" AND ((EXISTS (SELECT membership.id 
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
WHERE t6."kind" = 'EXCHANGE_ASKED' AND exchange_receipt.exchange_id = t6."subject_id" AND raised_skill.person_id = t6."person_id")) WHEN (t6."kind" = 'MATCHES_FOUND') THEN (EXISTS (SELECT 1 
FROM listing AS told_listing 
WHERE told_listing."id" = t6."subject_id" AND (told_listing."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (told_listing."audience" = 'PUBLIC' OR told_listing."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR told_listing."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
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
WHERE membership.organisation_id = t6."organisation_id" AND membership.person_id = viewer.id AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'OWNER', 'TALENT_MANAGER'))) ELSE true END) WHEN ($1::VARCHAR = 'pst') THEN (SELECT concat('{"id":"pst_', t7."id", '","comments":', (SELECT concat('{"nodes":[', string_agg(CASE WHEN (p8."n" <= $3::INTEGER) THEN concat('{"body":', json_scalar(p8."body"), ',"replies":', (SELECT concat('{"nodes":[', string_agg(CASE WHEN (p9."n" <= $4::INTEGER) THEN concat('{"body":', json_scalar(p9."body"), ',"parent":', coalesce((SELECT concat('{"id":"com_', t10."id", '"}') AS concat_10 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.author_id AS author_id, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.id = p9."parent_id") AS t10 
WHERE ((t10."hidden_at" IS NULL OR t10."author_id" = viewer.id) AND t10."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t10."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.comment_id = t10."id")))) AND (EXISTS (SELECT 1 
FROM post AS t10_post 
WHERE t10_post."id" = t10."post_id" AND ((t10_post."audience" = 'PUBLIC' OR t10_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t10_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t10_post."organisation_id")) OR t10_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t10_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t10_post."organisation_id" OR partnership.addressee_id = t10_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t10_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t10_post."organisation_id" AND membership.ended_on IS NULL))) AND (t10_post."hidden_at" IS NULL OR t10_post."author_id" = viewer.id) AND t10_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t10_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t10_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t10_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t10_post_organisation 
WHERE t10_post_organisation."id" = t10_post."organisation_id" AND ((t10_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t10_post_organisation."id" AND membership.ended_on IS NULL))) AND t10_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))), 'null'), '}') END, ',' ORDER BY p9."id" ASC), ']}') AS concat_9 
FROM (SELECT w12.body AS body, w12.id AS id, w12.parent_id AS parent_id, row_number() OVER (ORDER BY w12.id ASC) AS n 
FROM (SELECT t11."body" AS body, t11."id" AS id, t11."parent_id" AS parent_id 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.parent_id AS parent_id, comment.author_id AS author_id, comment.body AS body, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.parent_id = p8."id") AS t11 
WHERE ((t11."hidden_at" IS NULL OR t11."author_id" = viewer.id) AND t11."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t11."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.comment_id = t11."id")))) AND (EXISTS (SELECT 1 
FROM post AS t11_post 
WHERE t11_post."id" = t11."post_id" AND ((t11_post."audience" = 'PUBLIC' OR t11_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t11_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t11_post."organisation_id")) OR t11_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t11_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t11_post."organisation_id" OR partnership.addressee_id = t11_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t11_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t11_post."organisation_id" AND membership.ended_on IS NULL))) AND (t11_post."hidden_at" IS NULL OR t11_post."author_id" = viewer.id) AND t11_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t11_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t11_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t11_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t11_post_organisation 
WHERE t11_post_organisation."id" = t11_post."organisation_id" AND ((t11_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t11_post_organisation."id" AND membership.ended_on IS NULL))) AND t11_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))))) ORDER BY t11."id" ASC 
 LIMIT $4::INTEGER + 1) AS w12) AS p9 
HAVING true), '}') END, ',' ORDER BY p8."id" ASC), ']}') AS concat_8 
FROM (SELECT w14.body AS body, w14.id AS id, row_number() OVER (ORDER BY w14.id ASC) AS n 
FROM (SELECT t13."body" AS body, t13."id" AS id 
FROM (SELECT comment.id AS id, comment.author_id AS author_id, comment.body AS body, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.post_id = t7."id" AND comment.parent_id IS NULL) AS t13 
WHERE ((t13."hidden_at" IS NULL OR t13."author_id" = viewer.id) AND t13."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t13."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.comment_id = t13."id")))) ORDER BY t13."id" ASC 
 LIMIT $3::INTEGER + 1) AS w14) AS p8 
HAVING true), '}') AS concat_7 
FROM (SELECT post.id AS id, post.organisation_id AS organisation_id, post.author_id AS author_id, post.audience AS audience, post.hidden_at AS hidden_at 
FROM post 
WHERE post.id = $2::UUID) AS t7 
WHERE ((t7."audience" = 'PUBLIC' OR t7."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t7."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t7."organisation_id")) OR t7."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t7."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t7."organisation_id" OR partnership.addressee_id = t7."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t7."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t7."organisation_id" AND membership.ended_on IS NULL))) AND (t7."hidden_at" IS NULL OR t7."author_id" = viewer.id) AND t7."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t7."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t7."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t7."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t7_organisation 
WHERE t7_organisation."id" = t7."organisation_id" AND ((t7_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t7_organisation."id" AND membership.ended_on IS NULL))) AND t7_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'org') THEN (SELECT concat('{"id":"org_', t15."id", '"}') AS concat_11 
FROM (SELECT organisation.id AS id, organisation.suspended_at AS suspended_at 
FROM organisation 
WHERE organisation.id = $2::UUID) AS t15 
WHERE ((t15."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t15."id" AND membership.ended_on IS NULL))) AND t15."id" != ALL (viewer.hidden) OR viewer.is_moderator)) WHEN ($1::VARCHAR = 'idp') THEN (SELECT concat('{"id":"idp_', t16."id", '"}') AS concat_12 
FROM (SELECT identity_provider.id AS id, identity_provider.organisation_id AS organisation_id 
FROM identity_provider 
WHERE identity_provider.id = $2::UUID) AS t16 
WHERE (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t16."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER')))) WHEN ($1::VARCHAR = 'fol') THEN (SELECT concat('{"id":"fol_', t17."id", '"}') AS concat_13 
FROM (SELECT follow.id AS id, follow.person_id AS person_id, follow.organisation_id AS organisation_id 
FROM follow 
WHERE follow.id = $2::UUID) AS t17 
WHERE t17."person_id" = viewer.id AND (EXISTS (SELECT 1 
FROM organisation AS t17_organisation 
WHERE t17_organisation."id" = t17."organisation_id" AND ((t17_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t17_organisation."id" AND membership.ended_on IS NULL))) AND t17_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'mem') THEN (SELECT concat('{"id":"mem_', t18."id", '"}') AS concat_14 
FROM (SELECT membership.id AS id, membership.person_id AS person_id, membership.organisation_id AS organisation_id 
FROM membership 
WHERE membership.id = $2::UUID) AS t18 
WHERE (EXISTS (SELECT 1 
FROM person AS t18_person 
WHERE t18_person."id" = t18."person_id" AND t18_person."deactivated_at" IS NULL AND ((t18_person."suspended_at" IS NULL OR t18_person."id" = viewer.id) AND t18_person."id" != ALL (viewer.hidden) AND (t18_person."visibility" = 'PUBLIC' OR t18_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t18_person."id" = viewer.id OR t18_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t18_person."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t18_person."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t18_person."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t18_person."id")))))) AND (EXISTS (SELECT 1 
FROM organisation AS t18_organisation 
WHERE t18_organisation."id" = t18."organisation_id" AND ((t18_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t18_organisation."id" AND membership.ended_on IS NULL))) AND t18_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'inv') THEN (SELECT concat('{"id":"inv_', t19."id", '"}') AS concat_15 
FROM (SELECT invitation.id AS id, invitation.organisation_id AS organisation_id, invitation.email AS email 
FROM invitation 
WHERE invitation.id = $2::UUID) AS t19 
WHERE ((EXISTS (SELECT person.id 
FROM person 
WHERE person.id = viewer.id AND person.email = t19."email" AND person.email_verified_at IS NOT NULL)) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t19."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t19_organisation 
WHERE t19_organisation."id" = t19."organisation_id" AND ((t19_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t19_organisation."id" AND membership.ended_on IS NULL))) AND t19_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'jrq') THEN (SELECT concat('{"id":"jrq_', t20."id", '"}') AS concat_16 
FROM (SELECT join_request.id AS id, join_request.organisation_id AS organisation_id, join_request.person_id AS person_id 
FROM join_request 
WHERE join_request.id = $2::UUID) AS t20 
WHERE (t20."person_id" = viewer.id OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t20."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t20_organisation 
WHERE t20_organisation."id" = t20."organisation_id" AND ((t20_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t20_organisation."id" AND membership.ended_on IS NULL))) AND t20_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'dom') THEN (SELECT concat('{"id":"dom_', t21."id", '"}') AS concat_17 
FROM (SELECT domain_claim.id AS id, domain_claim.organisation_id AS organisation_id 
FROM domain_claim 
WHERE domain_claim.id = $2::UUID) AS t21 
WHERE (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t21."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN'))) AND (EXISTS (SELECT 1 
FROM organisation AS t21_organisation 
WHERE t21_organisation."id" = t21."organisation_id" AND ((t21_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t21_organisation."id" AND membership.ended_on IS NULL))) AND t21_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'prt') THEN (SELECT concat('{"id":"prt_', t22."id", '"}') AS concat_18 
FROM (SELECT partnership.id AS id, partnership.requester_id AS requester_id, partnership.addressee_id AS addressee_id 
FROM partnership 
WHERE partnership.id = $2::UUID) AS t22 
WHERE ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t22."requester_id" AND membership.ended_on IS NULL)) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t22."addressee_id" AND membership.ended_on IS NULL)))) WHEN ($1::VARCHAR = 'aud') THEN (SELECT concat('{"id":"aud_', t23."id", '"}') AS concat_19 
FROM (SELECT audit_entry.id AS id, audit_entry.organisation_id AS organisation_id 
FROM audit_entry 
WHERE audit_entry.id = $2::UUID) AS t23 
WHERE (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t23."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN'))) AND (EXISTS (SELECT 1 
FROM organisation AS t23_organisation 
WHERE t23_organisation."id" = t23."organisation_id" AND ((t23_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t23_organisation."id" AND membership.ended_on IS NULL))) AND t23_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'skl') THEN (SELECT concat('{"id":"skl_', t24."id", '"}') AS concat_20 
FROM (SELECT skill.id AS id 
FROM skill 
WHERE skill.id = $2::UUID) AS t24) WHEN ($1::VARCHAR = 'scl') THEN (SELECT concat('{"id":"scl_', t25."id", '"}') AS concat_21 
FROM (SELECT skill_cluster.id AS id 
FROM skill_cluster 
WHERE skill_cluster.id = $2::UUID) AS t25) WHEN ($1::VARCHAR = 'sdm') THEN (SELECT concat('{"id":"sdm_', t26."id", '"}') AS concat_22 
FROM (SELECT skill_domain.id AS id 
FROM skill_domain 
WHERE skill_domain.id = $2::UUID) AS t26) WHEN ($1::VARCHAR = 'psk') THEN (SELECT concat('{"id":"psk_', t27."id", '"}') AS concat_23 
FROM (SELECT person_skill.id AS id, person_skill.person_id AS person_id 
FROM person_skill 
WHERE person_skill.id = $2::UUID) AS t27 
WHERE (EXISTS (SELECT 1 
FROM person AS t27_person 
WHERE t27_person."id" = t27."person_id" AND t27_person."deactivated_at" IS NULL AND ((t27_person."suspended_at" IS NULL OR t27_person."id" = viewer.id) AND t27_person."id" != ALL (viewer.hidden) AND (t27_person."visibility" = 'PUBLIC' OR t27_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t27_person."id" = viewer.id OR t27_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t27_person."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t27_person."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t27_person."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t27_person."id"))))))) WHEN ($1::VARCHAR = 'prf') THEN (SELECT concat('{"id":"prf_', t28."id", '"}') AS concat_24 
FROM (SELECT skill_evidence.id AS id, skill_evidence.organisation_id AS organisation_id, skill_evidence.partner_id AS partner_id, skill_evidence.person_id AS person_id 
FROM skill_evidence 
WHERE skill_evidence.id = $2::UUID) AS t28 
WHERE (EXISTS (SELECT 1 
FROM organisation AS t28_organisation 
WHERE t28_organisation."id" = t28."organisation_id" AND ((t28_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t28_organisation."id" AND membership.ended_on IS NULL))) AND t28_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t28_partner 
WHERE t28_partner."id" = t28."partner_id" AND ((t28_partner."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t28_partner."id" AND membership.ended_on IS NULL))) AND t28_partner."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (t28."person_id" IS NULL OR (EXISTS (SELECT 1 
FROM person AS t28_person 
WHERE t28_person."id" = t28."person_id" AND t28_person."deactivated_at" IS NULL AND ((t28_person."suspended_at" IS NULL OR t28_person."id" = viewer.id) AND t28_person."id" != ALL (viewer.hidden) AND (t28_person."visibility" = 'PUBLIC' OR t28_person."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t28_person."id" = viewer.id OR t28_person."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t28_person."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t28_person."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t28_person."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t28_person."id")))))))) WHEN ($1::VARCHAR = 'exc') THEN (SELECT concat('{"id":"exc_', t29."id", '"}') AS concat_25 
FROM (SELECT exchange.id AS id, exchange.lender_id AS lender_id, exchange.borrower_id AS borrower_id 
FROM exchange 
WHERE exchange.id = $2::UUID) AS t29 
WHERE ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t29."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t29_lender 
WHERE t29_lender."id" = t29."lender_id" AND ((t29_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29_lender."id" AND membership.ended_on IS NULL))) AND t29_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t29_borrower 
WHERE t29_borrower."id" = t29."borrower_id" AND ((t29_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t29_borrower."id" AND membership.ended_on IS NULL))) AND t29_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'mrq') THEN (SELECT concat('{"id":"mrq_', t30."id", '"}') AS concat_26 
FROM (SELECT match_request.id AS id, match_request.asking_id AS asking_id, match_request.asked_id AS asked_id 
FROM match_request 
WHERE match_request.id = $2::UUID) AS t30 
WHERE ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30."asking_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30."asked_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t30_asking 
WHERE t30_asking."id" = t30."asking_id" AND ((t30_asking."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30_asking."id" AND membership.ended_on IS NULL))) AND t30_asking."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t30_asked 
WHERE t30_asked."id" = t30."asked_id" AND ((t30_asked."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t30_asked."id" AND membership.ended_on IS NULL))) AND t30_asked."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'lst') THEN (SELECT concat('{"id":"lst_', t31."id", '"}') AS concat_27 
FROM (SELECT listing.id AS id, listing.organisation_id AS organisation_id, listing.status AS status, listing.audience AS audience 
FROM listing 
WHERE listing.id = $2::UUID) AS t31 
WHERE (t31."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t31."audience" = 'PUBLIC' OR t31."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t31."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t31."organisation_id")) OR t31."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t31."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t31."organisation_id" OR partnership.addressee_id = t31."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t31."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t31."organisation_id" AND membership.ended_on IS NULL))) OR t31."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t31."organisation_id" AND membership.ended_on IS NULL)) OR t31."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t31."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t31_organisation 
WHERE t31_organisation."id" = t31."organisation_id" AND ((t31_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t31_organisation."id" AND membership.ended_on IS NULL))) AND t31_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'lsk') THEN (SELECT concat('{"id":"lsk_', t32."id", '"}') AS concat_28 
FROM (SELECT listing_skill.id AS id, listing_skill.listing_id AS listing_id 
FROM listing_skill 
WHERE listing_skill.id = $2::UUID) AS t32 
WHERE (EXISTS (SELECT 1 
FROM listing AS t32_listing 
WHERE t32_listing."id" = t32."listing_id" AND (t32_listing."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t32_listing."audience" = 'PUBLIC' OR t32_listing."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t32_listing."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t32_listing."organisation_id")) OR t32_listing."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t32_listing."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t32_listing."organisation_id" OR partnership.addressee_id = t32_listing."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t32_listing."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t32_listing."organisation_id" AND membership.ended_on IS NULL))) OR t32_listing."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t32_listing."organisation_id" AND membership.ended_on IS NULL)) OR t32_listing."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t32_listing."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t32_listing_organisation 
WHERE t32_listing_organisation."id" = t32_listing."organisation_id" AND ((t32_listing_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t32_listing_organisation."id" AND membership.ended_on IS NULL))) AND t32_listing_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'plc') THEN (SELECT concat('{"id":"plc_', t33."id", '"}') AS concat_29 
FROM (SELECT place.id AS id 
FROM place 
WHERE place.id = $2::UUID) AS t33) WHEN ($1::VARCHAR = 'lss') THEN (SELECT concat('{"id":"lss_', t34."id", '"}') AS concat_30 
FROM (SELECT listing_step.id AS id, listing_step.listing_id AS listing_id 
FROM listing_step 
WHERE listing_step.id = $2::UUID) AS t34 
WHERE (EXISTS (SELECT listing.id 
FROM listing 
WHERE listing.id = t34."listing_id" AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = listing.organisation_id AND membership.ended_on IS NULL)))) AND (EXISTS (SELECT 1 
FROM listing AS t34_listing 
WHERE t34_listing."id" = t34."listing_id" AND (t34_listing."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t34_listing."audience" = 'PUBLIC' OR t34_listing."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t34_listing."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t34_listing."organisation_id")) OR t34_listing."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t34_listing."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t34_listing."organisation_id" OR partnership.addressee_id = t34_listing."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t34_listing."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t34_listing."organisation_id" AND membership.ended_on IS NULL))) OR t34_listing."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t34_listing."organisation_id" AND membership.ended_on IS NULL)) OR t34_listing."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t34_listing."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t34_listing_organisation 
WHERE t34_listing_organisation."id" = t34_listing."organisation_id" AND ((t34_listing_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t34_listing_organisation."id" AND membership.ended_on IS NULL))) AND t34_listing_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'llk') THEN (SELECT concat('{"id":"llk_', t35."id", '"}') AS concat_31 
FROM (SELECT listing_look.id AS id, listing_look.listing_id AS listing_id, listing_look.organisation_id AS organisation_id 
FROM listing_look 
WHERE listing_look.id = $2::UUID) AS t35 
WHERE (EXISTS (SELECT listing.id 
FROM listing 
WHERE listing.id = t35."listing_id" AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = listing.organisation_id AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))))) AND (EXISTS (SELECT 1 
FROM listing AS t35_listing 
WHERE t35_listing."id" = t35."listing_id" AND (t35_listing."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t35_listing."audience" = 'PUBLIC' OR t35_listing."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t35_listing."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t35_listing."organisation_id")) OR t35_listing."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t35_listing."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t35_listing."organisation_id" OR partnership.addressee_id = t35_listing."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t35_listing."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_listing."organisation_id" AND membership.ended_on IS NULL))) OR t35_listing."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_listing."organisation_id" AND membership.ended_on IS NULL)) OR t35_listing."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_listing."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t35_listing_organisation 
WHERE t35_listing_organisation."id" = t35_listing."organisation_id" AND ((t35_listing_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_listing_organisation."id" AND membership.ended_on IS NULL))) AND t35_listing_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))))) AND (EXISTS (SELECT 1 
FROM organisation AS t35_organisation 
WHERE t35_organisation."id" = t35."organisation_id" AND ((t35_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t35_organisation."id" AND membership.ended_on IS NULL))) AND t35_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'mat') THEN (SELECT concat('{"id":"mat_', t36."id", '"}') AS concat_32 
FROM (SELECT listing_match.id AS id, listing_match.offer_id AS offer_id, listing_match.request_id AS request_id, listing_match.offering_id AS offering_id, listing_match.requesting_id AS requesting_id 
FROM listing_match 
WHERE listing_match.id = $2::UUID) AS t36 
WHERE ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36."offering_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36."requesting_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM listing AS t36_offer 
WHERE t36_offer."id" = t36."offer_id" AND (t36_offer."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t36_offer."audience" = 'PUBLIC' OR t36_offer."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t36_offer."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t36_offer."organisation_id")) OR t36_offer."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t36_offer."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t36_offer."organisation_id" OR partnership.addressee_id = t36_offer."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t36_offer."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_offer."organisation_id" AND membership.ended_on IS NULL))) OR t36_offer."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_offer."organisation_id" AND membership.ended_on IS NULL)) OR t36_offer."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_offer."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t36_offer_organisation 
WHERE t36_offer_organisation."id" = t36_offer."organisation_id" AND ((t36_offer_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_offer_organisation."id" AND membership.ended_on IS NULL))) AND t36_offer_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))))) AND (EXISTS (SELECT 1 
FROM listing AS t36_request 
WHERE t36_request."id" = t36."request_id" AND (t36_request."status" IN ('OPEN', 'FILLED', 'CLOSED', 'EXPIRED') AND (t36_request."audience" = 'PUBLIC' OR t36_request."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t36_request."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t36_request."organisation_id")) OR t36_request."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t36_request."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t36_request."organisation_id" OR partnership.addressee_id = t36_request."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t36_request."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_request."organisation_id" AND membership.ended_on IS NULL))) OR t36_request."status" = 'PAUSED' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_request."organisation_id" AND membership.ended_on IS NULL)) OR t36_request."status" = 'DRAFT' AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_request."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t36_request_organisation 
WHERE t36_request_organisation."id" = t36_request."organisation_id" AND ((t36_request_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t36_request_organisation."id" AND membership.ended_on IS NULL))) AND t36_request_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'mms') THEN (SELECT concat('{"id":"mms_', t37."id", '"}') AS concat_33 
FROM (SELECT match_message.id AS id, match_message.match_request_id AS match_request_id 
FROM match_message 
WHERE match_message.id = $2::UUID) AS t37 
WHERE (EXISTS (SELECT 1 
FROM match_request AS t37_match_request 
WHERE t37_match_request."id" = t37."match_request_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t37_match_request."asking_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t37_match_request."asked_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t37_match_request_asking 
WHERE t37_match_request_asking."id" = t37_match_request."asking_id" AND ((t37_match_request_asking."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t37_match_request_asking."id" AND membership.ended_on IS NULL))) AND t37_match_request_asking."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t37_match_request_asked 
WHERE t37_match_request_asked."id" = t37_match_request."asked_id" AND ((t37_match_request_asked."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t37_match_request_asked."id" AND membership.ended_on IS NULL))) AND t37_match_request_asked."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'med') THEN (SELECT concat('{"id":"med_', t38."id", '"}') AS concat_34 
FROM (SELECT media.id AS id, media.uploaded_by_id AS uploaded_by_id, media.post_id AS post_id, media.organisation_id AS organisation_id, media.person_id AS person_id, media.match_message_id AS match_message_id 
FROM media 
WHERE media.id = $2::UUID) AS t38 
WHERE (t38."post_id" IS NOT NULL OR t38."match_message_id" IS NOT NULL OR t38."organisation_id" IS NOT NULL OR t38."person_id" IS NOT NULL OR t38."uploaded_by_id" = viewer.id) AND (t38."post_id" IS NULL OR (EXISTS (SELECT 1 
FROM post AS t38_post 
WHERE t38_post."id" = t38."post_id" AND ((t38_post."audience" = 'PUBLIC' OR t38_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t38_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t38_post."organisation_id")) OR t38_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t38_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t38_post."organisation_id" OR partnership.addressee_id = t38_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t38_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t38_post."organisation_id" AND membership.ended_on IS NULL))) AND (t38_post."hidden_at" IS NULL OR t38_post."author_id" = viewer.id) AND t38_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t38_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t38_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t38_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t38_post_organisation 
WHERE t38_post_organisation."id" = t38_post."organisation_id" AND ((t38_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t38_post_organisation."id" AND membership.ended_on IS NULL))) AND t38_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) AND (t38."match_message_id" IS NULL OR (EXISTS (SELECT 1 
FROM match_message AS t38_match_message 
WHERE t38_match_message."id" = t38."match_message_id" AND (EXISTS (SELECT 1 
FROM match_request AS t38_match_message_match_request 
WHERE t38_match_message_match_request."id" = t38_match_message."match_request_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t38_match_message_match_request."asking_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t38_match_message_match_request."asked_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER')))) AND (EXISTS (SELECT 1 
FROM organisation AS t38_match_message_match_request_asking 
WHERE t38_match_message_match_request_asking."id" = t38_match_message_match_request."asking_id" AND ((t38_match_message_match_request_asking."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t38_match_message_match_request_asking."id" AND membership.ended_on IS NULL))) AND t38_match_message_match_request_asking."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t38_match_message_match_request_asked 
WHERE t38_match_message_match_request_asked."id" = t38_match_message_match_request."asked_id" AND ((t38_match_message_match_request_asked."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t38_match_message_match_request_asked."id" AND membership.ended_on IS NULL))) AND t38_match_message_match_request_asked."id" != ALL (viewer.hidden) OR viewer.is_moderator))))))))) WHEN ($1::VARCHAR = 'agv') THEN (SELECT concat('{"id":"agv_', t39."id", '"}') AS concat_35 
FROM (SELECT agreement_version.id AS id, agreement_version.exchange_id AS exchange_id 
FROM agreement_version 
WHERE agreement_version.id = $2::UUID) AS t39 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t39_exchange 
WHERE t39_exchange."id" = t39."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t39_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t39_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t39_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t39_exchange_lender 
WHERE t39_exchange_lender."id" = t39_exchange."lender_id" AND ((t39_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t39_exchange_lender."id" AND membership.ended_on IS NULL))) AND t39_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t39_exchange_borrower 
WHERE t39_exchange_borrower."id" = t39_exchange."borrower_id" AND ((t39_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t39_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t39_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'xpe') THEN (SELECT concat('{"id":"xpe_', t40."id", '"}') AS concat_36 
FROM (SELECT exchange_person.id AS id, exchange_person.exchange_id AS exchange_id 
FROM exchange_person 
WHERE exchange_person.id = $2::UUID) AS t40 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t40_exchange 
WHERE t40_exchange."id" = t40."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t40_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t40_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t40_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t40_exchange_lender 
WHERE t40_exchange_lender."id" = t40_exchange."lender_id" AND ((t40_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t40_exchange_lender."id" AND membership.ended_on IS NULL))) AND t40_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t40_exchange_borrower 
WHERE t40_exchange_borrower."id" = t40_exchange."borrower_id" AND ((t40_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t40_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t40_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'sig') THEN (SELECT concat('{"id":"sig_', t41."id", '"}') AS concat_37 
FROM (SELECT agreement_signature.id AS id, agreement_signature.exchange_id AS exchange_id, agreement_signature.version_id AS version_id 
FROM agreement_signature 
WHERE agreement_signature.id = $2::UUID) AS t41 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t41_exchange 
WHERE t41_exchange."id" = t41."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t41_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t41_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t41_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t41_exchange_lender 
WHERE t41_exchange_lender."id" = t41_exchange."lender_id" AND ((t41_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t41_exchange_lender."id" AND membership.ended_on IS NULL))) AND t41_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t41_exchange_borrower 
WHERE t41_exchange_borrower."id" = t41_exchange."borrower_id" AND ((t41_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t41_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t41_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator))))) AND (EXISTS (SELECT 1 
FROM agreement_version AS t41_version 
WHERE t41_version."id" = t41."version_id" AND (EXISTS (SELECT 1 
FROM exchange AS t41_version_exchange 
WHERE t41_version_exchange."id" = t41_version."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t41_version_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t41_version_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t41_version_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t41_version_exchange_lender 
WHERE t41_version_exchange_lender."id" = t41_version_exchange."lender_id" AND ((t41_version_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t41_version_exchange_lender."id" AND membership.ended_on IS NULL))) AND t41_version_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t41_version_exchange_borrower 
WHERE t41_version_exchange_borrower."id" = t41_version_exchange."borrower_id" AND ((t41_version_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t41_version_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t41_version_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))))) WHEN ($1::VARCHAR = 'xln') THEN (SELECT concat('{"id":"xln_', t42."id", '"}') AS concat_38 
FROM (SELECT exchange_line.id AS id, exchange_line.exchange_id AS exchange_id 
FROM exchange_line 
WHERE exchange_line.id = $2::UUID) AS t42 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t42_exchange 
WHERE t42_exchange."id" = t42."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t42_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t42_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t42_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t42_exchange_lender 
WHERE t42_exchange_lender."id" = t42_exchange."lender_id" AND ((t42_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t42_exchange_lender."id" AND membership.ended_on IS NULL))) AND t42_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t42_exchange_borrower 
WHERE t42_exchange_borrower."id" = t42_exchange."borrower_id" AND ((t42_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t42_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t42_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'hrs') THEN (SELECT concat('{"id":"hrs_', t43."id", '"}') AS concat_39 
FROM (SELECT exchange_hours.id AS id, exchange_hours.exchange_id AS exchange_id 
FROM exchange_hours 
WHERE exchange_hours.id = $2::UUID) AS t43 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t43_exchange 
WHERE t43_exchange."id" = t43."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t43_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t43_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t43_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t43_exchange_lender 
WHERE t43_exchange_lender."id" = t43_exchange."lender_id" AND ((t43_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t43_exchange_lender."id" AND membership.ended_on IS NULL))) AND t43_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t43_exchange_borrower 
WHERE t43_exchange_borrower."id" = t43_exchange."borrower_id" AND ((t43_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t43_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t43_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'rcp') THEN (SELECT concat('{"id":"rcp_', t44."id", '"}') AS concat_40 
FROM (SELECT exchange_receipt.id AS id, exchange_receipt.exchange_id AS exchange_id 
FROM exchange_receipt 
WHERE exchange_receipt.id = $2::UUID) AS t44 
WHERE (EXISTS (SELECT 1 
FROM exchange AS t44_exchange 
WHERE t44_exchange."id" = t44."exchange_id" AND ((EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t44_exchange."lender_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t44_exchange."borrower_id" AND membership.ended_on IS NULL AND membership.role IN ('OWNER', 'ADMIN', 'TALENT_MANAGER'))) OR (EXISTS (SELECT exchange_person.id 
FROM exchange_person 
WHERE exchange_person.exchange_id = t44_exchange."id" AND exchange_person.person_id = viewer.id AND exchange_person.removed_at IS NULL))) AND (EXISTS (SELECT 1 
FROM organisation AS t44_exchange_lender 
WHERE t44_exchange_lender."id" = t44_exchange."lender_id" AND ((t44_exchange_lender."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t44_exchange_lender."id" AND membership.ended_on IS NULL))) AND t44_exchange_lender."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t44_exchange_borrower 
WHERE t44_exchange_borrower."id" = t44_exchange."borrower_id" AND ((t44_exchange_borrower."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t44_exchange_borrower."id" AND membership.ended_on IS NULL))) AND t44_exchange_borrower."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'rsk') THEN (SELECT concat('{"id":"rsk_', t45."id", '"}') AS concat_41 
FROM (SELECT raised_skill.id AS id, raised_skill.receipt_id AS receipt_id, raised_skill.person_id AS person_id, raised_skill.organisation_id AS organisation_id 
FROM raised_skill 
WHERE raised_skill.id = $2::UUID) AS t45 
WHERE (t45."person_id" = viewer.id OR (EXISTS (SELECT exchange_receipt.id 
FROM exchange_receipt 
WHERE exchange_receipt.id = t45."receipt_id" AND (EXISTS (SELECT 1 
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
FROM organisation AS t45_organisation 
WHERE t45_organisation."id" = t45."organisation_id" AND ((t45_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t45_organisation."id" AND membership.ended_on IS NULL))) AND t45_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'sfo') THEN (SELECT concat('{"id":"sfo_', t46."id", '"}') AS concat_42 
FROM (SELECT skill_follow.id AS id, skill_follow.person_id AS person_id 
FROM skill_follow 
WHERE skill_follow.id = $2::UUID) AS t46 
WHERE t46."person_id" = viewer.id) WHEN ($1::VARCHAR = 'com') THEN (SELECT concat('{"id":"com_', t47."id", '"}') AS concat_43 
FROM (SELECT comment.id AS id, comment.post_id AS post_id, comment.author_id AS author_id, comment.hidden_at AS hidden_at 
FROM comment 
WHERE comment.id = $2::UUID) AS t47 
WHERE ((t47."hidden_at" IS NULL OR t47."author_id" = viewer.id) AND t47."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t47."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.comment_id = t47."id")))) AND (EXISTS (SELECT 1 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = t47_post_organisation."id" AND membership.ended_on IS NULL))) AND t47_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'men') THEN (SELECT concat('{"id":"men_', t48."id", '"}') AS concat_44 
FROM (SELECT mention.id AS id, mention.post_id AS post_id, mention.comment_id AS comment_id 
FROM mention 
WHERE mention.id = $2::UUID) AS t48 
WHERE (t48."comment_id" IS NULL OR (EXISTS (SELECT comment.id 
FROM comment 
WHERE comment.id = t48."comment_id" AND ((comment.hidden_at IS NULL OR comment.author_id = viewer.id) AND comment.author_id != ALL (viewer.hidden) OR viewer.is_moderator AND (comment.hidden_at IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.comment_id = comment.id))))))) AND (EXISTS (SELECT 1 
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
WHERE membership.person_id = viewer.id AND membership.organisation_id = t48_post_organisation."id" AND membership.ended_on IS NULL))) AND t48_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'str') THEN (SELECT concat('{"id":"str_', t49."id", '"}') AS concat_45 
FROM (SELECT organisation_strength.id AS id, organisation_strength.organisation_id AS organisation_id 
FROM organisation_strength 
WHERE organisation_strength.id = $2::UUID) AS t49 
WHERE (EXISTS (SELECT 1 
FROM organisation AS t49_organisation 
WHERE t49_organisation."id" = t49."organisation_id" AND ((t49_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t49_organisation."id" AND membership.ended_on IS NULL))) AND t49_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'blk') THEN (SELECT concat('{"id":"blk_', t50."id", '"}') AS concat_46 
FROM (SELECT block.id AS id, block.person_id AS person_id, block.organisation_id AS organisation_id, block.by_organisation AS by_organisation 
FROM block 
WHERE block.id = $2::UUID) AS t50 
WHERE (NOT t50."by_organisation" AND t50."person_id" = viewer.id OR t50."by_organisation" AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t50."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'OWNER'))))) WHEN ($1::VARCHAR = 'end') THEN (SELECT concat('{"id":"end_', t51."id", '"}') AS concat_47 
FROM (SELECT endorsement.id AS id, endorsement.organisation_id AS organisation_id, endorsement.endorsed_id AS endorsed_id 
FROM endorsement 
WHERE endorsement.id = $2::UUID) AS t51 
WHERE (EXISTS (SELECT 1 
FROM organisation AS t51_organisation 
WHERE t51_organisation."id" = t51."organisation_id" AND ((t51_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t51_organisation."id" AND membership.ended_on IS NULL))) AND t51_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator))) AND (EXISTS (SELECT 1 
FROM organisation AS t51_endorsed 
WHERE t51_endorsed."id" = t51."endorsed_id" AND ((t51_endorsed."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t51_endorsed."id" AND membership.ended_on IS NULL))) AND t51_endorsed."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'dra') THEN (SELECT concat('{"id":"dra_', t52."id", '"}') AS concat_48 
FROM (SELECT post_draft.id AS id, post_draft.organisation_id AS organisation_id 
FROM post_draft 
WHERE post_draft.id = $2::UUID) AS t52 
WHERE (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t52."organisation_id" AND membership.ended_on IS NULL AND membership.role IN ('ADMIN', 'EDITOR', 'OWNER', 'TALENT_MANAGER'))) AND (EXISTS (SELECT 1 
FROM organisation AS t52_organisation 
WHERE t52_organisation."id" = t52."organisation_id" AND ((t52_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t52_organisation."id" AND membership.ended_on IS NULL))) AND t52_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))) WHEN ($1::VARCHAR = 'rev') THEN (SELECT concat('{"id":"rev_', t53."id", '"}') AS concat_49 
FROM (SELECT post_revision.id AS id, post_revision.post_id AS post_id 
FROM post_revision 
WHERE post_revision.id = $2::UUID) AS t53 
WHERE (EXISTS (SELECT 1 
FROM post AS t53_post 
WHERE t53_post."id" = t53."post_id" AND ((t53_post."audience" = 'PUBLIC' OR t53_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t53_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t53_post."organisation_id")) OR t53_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t53_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t53_post."organisation_id" OR partnership.addressee_id = t53_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t53_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t53_post."organisation_id" AND membership.ended_on IS NULL))) AND (t53_post."hidden_at" IS NULL OR t53_post."author_id" = viewer.id) AND t53_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t53_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t53_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t53_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t53_post_organisation 
WHERE t53_post_organisation."id" = t53_post."organisation_id" AND ((t53_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t53_post_organisation."id" AND membership.ended_on IS NULL))) AND t53_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'rea') THEN (SELECT concat('{"id":"rea_', t54."id", '"}') AS concat_50 
FROM (SELECT reaction.id AS id, reaction.post_id AS post_id 
FROM reaction 
WHERE reaction.id = $2::UUID) AS t54 
WHERE (EXISTS (SELECT 1 
FROM post AS t54_post 
WHERE t54_post."id" = t54."post_id" AND ((t54_post."audience" = 'PUBLIC' OR t54_post."audience" = 'NETWORK' AND viewer.id IS NOT NULL OR t54_post."audience" = 'FOLLOWERS' AND (EXISTS (SELECT follow.id 
FROM follow 
WHERE follow.person_id = viewer.id AND follow.organisation_id = t54_post."organisation_id")) OR t54_post."audience" = 'PARTNERS' AND (EXISTS (SELECT partnership.id 
FROM partnership JOIN membership ON membership.organisation_id = CASE WHEN (partnership.requester_id = t54_post."organisation_id") THEN partnership.addressee_id ELSE partnership.requester_id END 
WHERE partnership.status = 'ACTIVE' AND (partnership.requester_id = t54_post."organisation_id" OR partnership.addressee_id = t54_post."organisation_id") AND membership.person_id = viewer.id AND membership.ended_on IS NULL)) OR t54_post."audience" IN ('FOLLOWERS', 'PARTNERS', 'ORGANISATION') AND (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t54_post."organisation_id" AND membership.ended_on IS NULL))) AND (t54_post."hidden_at" IS NULL OR t54_post."author_id" = viewer.id) AND t54_post."author_id" != ALL (viewer.hidden) OR viewer.is_moderator AND (t54_post."hidden_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.post_id = t54_post."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 JOIN comment AS comment_1 ON comment_1.id = report_2.comment_id 
WHERE comment_1.post_id = t54_post."id")))) AND (EXISTS (SELECT 1 
FROM organisation AS t54_post_organisation 
WHERE t54_post_organisation."id" = t54_post."organisation_id" AND ((t54_post_organisation."suspended_at" IS NULL OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t54_post_organisation."id" AND membership.ended_on IS NULL))) AND t54_post_organisation."id" != ALL (viewer.hidden) OR viewer.is_moderator)))))) WHEN ($1::VARCHAR = 'sav') THEN (SELECT concat('{"id":"sav_', t55."id", '"}') AS concat_51 
FROM (SELECT saved_search.id AS id, saved_search.person_id AS person_id 
FROM saved_search 
WHERE saved_search.id = $2::UUID) AS t55 
WHERE t55."person_id" = viewer.id) WHEN ($1::VARCHAR = 'mks') THEN (SELECT concat('{"id":"mks_', t56."id", '"}') AS concat_52 
FROM (SELECT market_search.id AS id, market_search.person_id AS person_id 
FROM market_search 
WHERE market_search.id = $2::UUID) AS t56 
WHERE t56."person_id" = viewer.id) WHEN ($1::VARCHAR = 'pfo') THEN (SELECT concat('{"id":"pfo_', t57."id", '"}') AS concat_53 
FROM (SELECT person_follow.id AS id, person_follow.person_id AS person_id, person_follow.followed_id AS followed_id 
FROM person_follow 
WHERE person_follow.id = $2::UUID) AS t57 
WHERE t57."person_id" = viewer.id AND (EXISTS (SELECT 1 
FROM person AS t57_followed 
WHERE t57_followed."id" = t57."followed_id" AND t57_followed."deactivated_at" IS NULL AND ((t57_followed."suspended_at" IS NULL OR t57_followed."id" = viewer.id) AND t57_followed."id" != ALL (viewer.hidden) AND (t57_followed."visibility" = 'PUBLIC' OR t57_followed."visibility" = 'NETWORK' AND viewer.id IS NOT NULL OR t57_followed."id" = viewer.id OR t57_followed."visibility" = 'COLLEAGUES' AND (EXISTS (SELECT membership_1.id 
FROM membership AS membership_1 JOIN membership AS membership_2 ON membership_2.organisation_id = membership_1.organisation_id 
WHERE membership_1.person_id = viewer.id AND membership_1.ended_on IS NULL AND membership_2.person_id = t57_followed."id" AND membership_2.ended_on IS NULL))) OR viewer.is_moderator AND (t57_followed."suspended_at" IS NOT NULL OR (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.addressee_id = t57_followed."id")) OR (EXISTS (SELECT report_2.id 
FROM report AS report_2 
WHERE report_2.reporter_id = t57_followed."id"))))))) WHEN ($1::VARCHAR = 'mut') THEN (SELECT concat('{"id":"mut_', t58."id", '"}') AS concat_54 
FROM (SELECT mute.id AS id, mute.person_id AS person_id 
FROM mute 
WHERE mute.id = $2::UUID) AS t58 
WHERE t58."person_id" = viewer.id) WHEN ($1::VARCHAR = 'rpt') THEN (SELECT concat('{"id":"rpt_', t59."id", '"}') AS concat_55 
FROM (SELECT report.id AS id, report.reporter_id AS reporter_id 
FROM report 
WHERE report.id = $2::UUID) AS t59 
WHERE (t59."reporter_id" = viewer.id OR viewer.is_moderator)) WHEN ($1::VARCHAR = 'mac') THEN (SELECT concat('{"id":"mac_', t60."id", '"}') AS concat_56 
FROM (SELECT moderation_action.id AS id, moderation_action.organisation_id AS organisation_id, moderation_action.addressee_id AS addressee_id 
FROM moderation_action 
WHERE moderation_action.id = $2::UUID) AS t60 
WHERE (t60."addressee_id" = viewer.id OR viewer.is_moderator OR (EXISTS (SELECT membership.id 
FROM membership 
WHERE membership.person_id = viewer.id AND membership.organisation_id = t60."organisation_id" AND membership.role = 'OWNER' AND membership.ended_on IS NULL)))) WHEN ($1::VARCHAR = 'apl') THEN (SELECT concat('{"id":"apl_', t61."id", '"}') AS concat_57 
FROM (SELECT appeal.id AS id, appeal.appellant_id AS appellant_id 
FROM appeal 
WHERE appeal.id = $2::UUID) AS t61 
WHERE (t61."appellant_id" = viewer.id OR viewer.is_moderator)) WHEN ($1::VARCHAR = 'cas') THEN (SELECT concat('{"id":"cas_', t62."id", '"}') AS concat_58 
FROM (SELECT report.id AS id, report.post_id AS post_id, report.comment_id AS comment_id, report.person_id AS person_id, report.organisation_id AS organisation_id, report.status AS status 
FROM report 
WHERE report.id = $2::UUID) AS t62 
WHERE viewer.is_moderator AND t62."status" = 'OPEN' AND NOT (EXISTS (SELECT report_1.id 
FROM report AS report_1 
WHERE report_1.status = 'OPEN' AND coalesce(report_1.post_id, report_1.comment_id, report_1.person_id, report_1.organisation_id) = coalesce(t62."post_id", t62."comment_id", t62."person_id", t62."organisation_id") AND report_1.id < t62."id"))) WHEN ($1::VARCHAR = 'mlg') THEN (SELECT concat('{"id":"mlg_', t63."id", '"}') AS concat_59 
FROM (SELECT moderation_action.id AS id 
FROM moderation_action 
WHERE moderation_action.id = $2::UUID) AS t63) ELSE NULL END, 'UTF8') AS json_0 
FROM viewer
