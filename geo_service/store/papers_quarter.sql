-- What happened to conflicts between two days, by rule: how many were found (or came back), decided by people, and ended by the facts (:gone), and half
-- of the decisions within so many `days` of the finding. A decision is the first step after a finding that settles what becomes of the conflict; one that
-- was taken back is none, and what follows an agreement is no second one. Rules in shadow do not count.
WITH event AS (
    SELECT e.conflict_id, e.id, e.kind, c.rule_id AS rule, CAST(e.at AT TIME ZONE CAST(:time_zone AS text) AS date) AS day,
           -- the findings until now number the lives of a conflict
           count(*) FILTER (WHERE e.kind IN ('opened', 'reopened', 'reopen', 'agreement_ended')) OVER before AS episode,
           lead(e.kind) OVER (PARTITION BY e.conflict_id ORDER BY e.id) AS next_kind
    FROM conflict_events e JOIN conflicts c ON c.id = e.conflict_id
    WHERE NOT c.shadow
    WINDOW before AS (PARTITION BY e.conflict_id ORDER BY e.id)
), conflict_episode AS (
    SELECT rule, conflict_id, episode, min(day) FILTER (WHERE kind IN ('opened', 'reopened', 'reopen', 'agreement_ended')) AS opened_on,
           min(day) FILTER (WHERE kind IN ('agree', 'settle', 'accept-risk', 'accepted_risk') AND next_kind IS DISTINCT FROM 'undo') AS decided_on,
           min(day) FILTER (WHERE kind = ANY(CAST(:gone AS text[]))) AS ended_on
    FROM event
    GROUP BY rule, conflict_id, episode
), counted AS (
    SELECT rule, count(DISTINCT conflict_id) FILTER (WHERE opened_on >= :from_on AND opened_on < :until_on) AS opened,
           count(DISTINCT conflict_id) FILTER (WHERE decided_on >= :from_on AND decided_on < :until_on) AS decided,
           count(DISTINCT conflict_id) FILTER (WHERE ended_on >= :from_on AND ended_on < :until_on) AS ended,
           CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY decided_on - opened_on)
                FILTER (WHERE decided_on >= :from_on AND decided_on < :until_on) AS float8) AS days
    FROM conflict_episode
    GROUP BY rule
)
SELECT * FROM counted WHERE opened + decided + ended > 0 ORDER BY opened DESC, rule
