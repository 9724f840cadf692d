-- Whose claims, conflicts or advice can differ between the day for which they stand and a new day, when nothing but the day changed.
--   1. What ends: the claim of a repair without days, or whose days are past (it would be done today, each day anew); works that are behind
--      us; a guarantee, an investment, a building's term; and with one of its claims each conflict (`over_on`).
--   2. Works that should have begun: from now on they are overdue.
--   3. Works that are late, overdue or running on past their end: their claims move along, and with them each hold; and a repair in their
--      wake is taken along no more.
--   4. Works that run past their end for long enough to be late, or, when a later phase follows, to be over.
--   5. Works that come within `hold_look_ahead_days`: from now on they hold.
--   6. Agreements whose day comes.
-- In no other way does a claim depend on today (claims_*.sql), nor a pair (detect.sql) or an advice (domain/advice.py). Whoever compares
-- another day with today, or with today and some days, adds it here. To name too many costs time and changes nothing; to name too few
-- fails tests/detection/test_day_change.py.
-- Parameters: since (the day before the one for which all stands: what began before midnight may have been stored after the night), today,
-- hold_look_ahead_days.
SELECT array_agg(DISTINCT works_id) FILTER (WHERE works_id IS NOT NULL) AS works_ids,
       array_agg(DISTINCT repair_id) FILTER (WHERE repair_id IS NOT NULL) AS repair_ids,
       array_agg(DISTINCT building_id) FILTER (WHERE building_id IS NOT NULL) AS building_ids
FROM claims
WHERE ends BETWEEN CAST(:since AS date) AND CAST(:today AS date)
   OR stated_starts BETWEEN CAST(:since AS date) AND CAST(:today AS date)
   -- works that become late: past their end for as long as their dates may be off
   OR certainty = 'in_progress' AND NOT overdue AND stated_ends <= CAST(:today AS date)
   -- late works that vanished move along no more: their claims have ended
   OR (overdue OR certainty = 'in_progress' AND stated_ends <= CAST(:today AS date)) AND ends > CAST(:since AS date)
   OR repair_id IN (SELECT repair_id FROM conflicts WHERE status IN ('agreed', 'settled')
                                                       AND CAST(agreement ->> 'until' AS date) BETWEEN CAST(:since AS date) AND CAST(:today AS date))
   OR starts BETWEEN CAST(:since AS date) + CAST(:hold_look_ahead_days AS integer)
                 AND CAST(:today AS date) + CAST(:hold_look_ahead_days AS integer)
