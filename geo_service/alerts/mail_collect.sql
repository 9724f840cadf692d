-- What waits for one subscription becomes one e-mail; no row when nothing waits. An e-mail of the morning takes all, one at once what cannot
-- wait. The caller holds the row of the subscription.
WITH waiting AS (
    SELECT alert_seq FROM deliveries
    WHERE subscription_id = :subscription_id AND delivered_at IS NULL AND failed_at IS NULL AND mail_id IS NULL AND (at_once OR :kind = 'digest')
    ORDER BY alert_seq
    LIMIT :most
), mail AS (
    INSERT INTO mails (subscription_id, kind)
    SELECT CAST(:subscription_id AS uuid), CAST(:kind AS text) WHERE EXISTS (SELECT FROM waiting)
    RETURNING id
), taken AS (
    UPDATE deliveries d SET mail_id = mail.id
    FROM mail, waiting
    WHERE d.subscription_id = :subscription_id AND d.alert_seq = waiting.alert_seq
)
SELECT id FROM mail
