-- Takes away the personal data of repairs that closed on or before a day, and the files beside remarks on conflicts and the people to call about
-- works that ended by then, and about building projects that were handed over and whose last warranty ended by then, and counts them; a confirmed
-- double closes with its main one.
-- Parameters: before (day), dry (only count).
WITH due AS MATERIALIZED (
    SELECT r.id
    FROM repairs r
    LEFT JOIN duplicates d ON d.repair_id = r.id AND d.status = 'confirmed'
    JOIN repairs main ON main.id = coalesce(d.of_id, r.id)
    WHERE CASE
        WHEN main.deleted_at IS NOT NULL THEN CAST(main.deleted_at AS date)
        WHEN main.status = 'done' THEN main.finished_on
        WHEN main.status = 'cancelled' THEN CAST(main.updated_at AS date) END <= CAST(:before AS date)
), open_matter AS MATERIALIZED ( -- the conflicts that had not ended by then
    SELECT c.id FROM conflicts c
    WHERE CAST(c.updated_at AS date) > CAST(:before AS date) OR
\ir conflict_is_live.sql
), named AS MATERIALIZED ( -- the files that the trail of one of these names: those of a case stay until its last one ended
    SELECT DISTINCT CAST(file_id #>> '{}' AS uuid) AS id
    FROM conflict_events e
    JOIN open_matter o ON o.id = e.conflict_id
    CROSS JOIN jsonb_path_query(e.details, '$.attachments[*].id') file_id
    WHERE e.kind = 'comment'
), ended AS MATERIALIZED (
    SELECT t.id FROM attachments t
    WHERE NOT EXISTS (SELECT FROM open_matter o WHERE o.id = t.conflict_id) AND NOT EXISTS (SELECT FROM named n WHERE n.id = t.id)
), past AS MATERIALIZED (
    SELECT t.works_id FROM works_contacts t JOIN works w ON w.id = t.works_id
    WHERE coalesce(CAST(w.deleted_at AS date), CASE WHEN w.certainty = 'cancelled' THEN CAST(w.updated_at AS date) END,
                   (SELECT max(upper(p.during)) FROM phases p WHERE p.works_id = w.id)) <= CAST(:before AS date)
), handed_over AS (
    SELECT t.project_id FROM project_contacts t JOIN building_projects p ON p.id = t.project_id
    WHERE greatest(p.handover_on, (SELECT max(CAST(w ->> 'until' AS date)) FROM jsonb_array_elements(p.warranties) w)) <= CAST(:before AS date)
          AND p.handover_on IS NOT NULL
), counted AS (
    SELECT (SELECT count(*) FROM reporters t JOIN due ON due.id = t.repair_id) AS reporters,
           (SELECT count(*) FROM report_messages t JOIN due ON due.id = t.repair_id) AS messages,
           (SELECT count(*) FROM photos t JOIN due ON due.id = t.repair_id) AS photos,
           (SELECT count(*) FROM ended) AS attachments, (SELECT count(*) FROM past) + (SELECT count(*) FROM handed_over) AS contacts
), contacts_gone AS (
    DELETE FROM works_contacts t USING past WHERE t.works_id = past.works_id AND NOT :dry
), project_contacts_gone AS (
    DELETE FROM project_contacts t USING handed_over WHERE t.project_id = handed_over.project_id AND NOT :dry
), attachments_gone AS (
    DELETE FROM attachments t USING ended WHERE t.id = ended.id AND NOT :dry
), photos_gone AS (
    DELETE FROM photos t USING due WHERE t.repair_id = due.id AND NOT :dry
), messages_gone AS (
    DELETE FROM report_messages t USING due WHERE t.repair_id = due.id AND NOT :dry
), reporters_gone AS (
    DELETE FROM reporters t USING due WHERE t.repair_id = due.id AND NOT :dry
)
SELECT reporters, messages, photos, attachments, contacts FROM counted
