-- New members take the next places of a stream, in the order given. `:news` is a JSON list. A state that reads as the one before (its record
-- changed in what is not published) is no member, and only its stamp is kept. The caller holds the lock of the publisher.
WITH news AS (
    SELECT id, stamp, body, md5(CAST(body AS text)) AS digest, turn
    FROM ROWS FROM (jsonb_to_recordset(CAST(:news AS jsonb)) AS (id uuid, stamp text, body jsonb)) WITH ORDINALITY AS news (id, stamp, body, turn)
), added AS (
    INSERT INTO ldes_members (stream, place, thing_id, at, body)
    SELECT :stream, (SELECT coalesce(max(place), 0) FROM ldes_members WHERE stream = :stream) + row_number() OVER (ORDER BY news.turn),
           news.id,
           -- no earlier than the member before, whatever the clock of the machine does
           greatest(clock_timestamp(), (SELECT max(at) FROM ldes_members WHERE stream = :stream)),
           news.body
    FROM news
    LEFT JOIN ldes_heads h ON h.stream = :stream AND h.thing_id = news.id
    WHERE h.digest IS DISTINCT FROM news.digest
    RETURNING place
), heads AS (
    INSERT INTO ldes_heads AS h (stream, thing_id, stamp, digest)
    SELECT :stream, id, stamp, digest FROM news
    ON CONFLICT (stream, thing_id) DO UPDATE SET stamp = excluded.stamp, digest = excluded.digest
)
SELECT count(*) AS members FROM added
