-- Add one refusal to the audit trail: once a minute for the same request of the same person, and 60 a minute of one person at most, so that
-- nobody fills the trail by asking again. Who is not signed in is one person, by whatever address. It reads the rows of the last minute by audit_at_ix.
INSERT INTO audit (id, who, user_id, action, thing, facts)
SELECT CAST(:id AS uuid), :who, CAST(:user_id AS uuid), :action, :thing, CAST(:facts AS jsonb)
WHERE (
    SELECT count(*) < 60 AND count(*) FILTER (WHERE thing = :thing AND facts = CAST(:facts AS jsonb)) = 0
    FROM audit
    WHERE at > now() - interval '1 minute' AND action = :action AND who = :who AND user_id IS NOT DISTINCT FROM CAST(:user_id AS uuid)
)
