-- Which of these repairs a citizen waits for: reported over Open311 themselves, or the one that such a report is a double of.
SELECT r.id
FROM repairs r
WHERE r.id = ANY(CAST(:repair_ids AS uuid[]))
  AND (r.source = :source
       OR EXISTS (SELECT FROM duplicates d JOIN repairs twin ON twin.id = d.repair_id
                  WHERE d.of_id = r.id AND d.status = 'confirmed' AND twin.source = :source))
