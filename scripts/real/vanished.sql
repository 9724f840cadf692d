-- Worksites that Osiris no longer shows: what it last said of them, and whether their stated end was past when they were missed.
SELECT w.certainty AS "last said", count(*) AS vanished, count(*) FILTER (WHERE ended.ends_on <= missed.observed_on) AS "end was past",
       (SELECT count(*) FROM source_changes WHERE field = 'vanished' AND old_value = 'true') AS "came back, of all"
FROM works w
JOIN (SELECT works_id, max(upper(during)) AS ends_on FROM phases GROUP BY works_id) ended ON ended.works_id = w.id
JOIN (SELECT works_id, max(observed_on) AS observed_on FROM source_changes WHERE field = 'vanished' AND new_value = 'true' GROUP BY works_id) missed
  ON missed.works_id = w.id
WHERE w.source = 'osiris' AND w.vanished_at IS NOT NULL
GROUP BY w.certainty
ORDER BY vanished DESC
