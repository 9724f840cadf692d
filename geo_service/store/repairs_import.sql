-- Store repairs of another system by (source, source_id), a whole batch at once (`rows`, JSON); one answer per row, in order of `n`.
-- What was finished or cancelled here stays so, and the last day that a person gave where the source does not speak of one (`says_latest`).
-- A repair that a report of the same defect made more urgent stays so while the source repeats what it said before.
-- A source that only reports (`report`) plans nothing: days and state stay the workshop's.
WITH incoming AS (
    SELECT i.*, daterange(i.planned_from, i.planned_until) AS days, ST_GeomFromEWKB(decode(i.ewkb, 'hex')) AS ground
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS i (
        n integer, source text, source_id text, owner_id uuid, category text, scope text, urgency text, ewkb text, description text,
        planned_from date, planned_until date, reported_at timestamptz, status text, finished_on date, finished_scope text, report boolean,
        latest_on date, says_latest boolean, remark text)
), matched_repair AS (
    SELECT i.*, r.id AS stored_id, CASE WHEN i.report THEN r.planned WHEN i.planned_from IS NOT NULL THEN i.days END AS new_planned,
           CASE WHEN i.says_latest THEN i.latest_on ELSE r.latest_on END AS new_latest,
           CASE WHEN i.urgency = own.urgency THEN r.urgency ELSE i.urgency END AS new_urgency, r.status IN ('done', 'cancelled') AS over
    FROM incoming i
    LEFT JOIN repairs r ON r.source = i.source AND r.source_id = i.source_id
    LEFT JOIN LATERAL ( -- how urgent it was before others joined it: the least of what is kept
        SELECT d.urgency_before AS urgency FROM duplicates d WHERE d.of_id = r.id AND d.urgency_before IS NOT NULL
        ORDER BY array_position(ARRAY['low', 'normal', 'high', 'danger'], d.urgency_before) LIMIT 1
    ) own ON true
), changed AS (
    UPDATE repairs r
    SET owner_id = k.owner_id, category = k.category, scope = k.scope, urgency = k.new_urgency, geom = k.ground, description = k.description,
        planned = k.new_planned, latest_on = k.new_latest, remark = k.remark,
        status = CASE WHEN k.over OR (k.report AND k.status = 'requested') THEN r.status ELSE k.status END,
        finished_on = CASE WHEN k.over THEN r.finished_on ELSE k.finished_on END,
        finished_scope = CASE WHEN k.over THEN r.finished_scope ELSE k.finished_scope END,
        deleted_at = NULL, version = r.version + 1, updated_at = now()
    FROM matched_repair k
    WHERE r.id = k.stored_id
      AND ((r.owner_id, r.category, r.scope, r.urgency, r.description, r.planned, r.latest_on, r.remark)
               IS DISTINCT FROM (k.owner_id, k.category, k.scope, k.new_urgency, k.description, k.new_planned, k.new_latest, k.remark)
           OR NOT ST_OrderingEquals(r.geom, k.ground) OR r.deleted_at IS NOT NULL
           OR (NOT k.over AND k.status IN ('done', 'cancelled')))
    RETURNING r.id
), forgotten AS ( -- what a source says now of the urgency counts: nothing from before that is taken back
    UPDATE duplicates d SET urgency_before = NULL
    FROM matched_repair k JOIN repairs r ON r.id = k.stored_id
    WHERE d.of_id = k.stored_id AND d.urgency_before IS NOT NULL AND r.urgency <> k.new_urgency
), created AS (
    INSERT INTO repairs (source, source_id, owner_id, category, scope, urgency, geom, description, planned, reported_at, status, finished_on,
                         finished_scope, latest_on, remark)
    SELECT source, source_id, owner_id, category, scope, urgency, ground, description, CASE WHEN planned_from IS NOT NULL THEN days END,
           coalesce(reported_at, now()), status, finished_on, finished_scope, new_latest, remark
    FROM matched_repair WHERE stored_id IS NULL ORDER BY n
    RETURNING id, source, source_id
)
SELECT coalesce(matched_repair.stored_id, created.id) AS id,
       CASE WHEN created.id IS NOT NULL THEN 'created' WHEN changed.id IS NOT NULL THEN 'changed' ELSE 'unchanged' END AS outcome
FROM matched_repair
LEFT JOIN created ON created.source = matched_repair.source AND created.source_id = matched_repair.source_id
LEFT JOIN changed ON changed.id = matched_repair.stored_id
ORDER BY matched_repair.n
