-- Whether the organisation `o` is the owner that was asked for, by name or id, or belongs to that group. Part of tile.sql.
(box.owner IS NULL OR EXISTS (
    SELECT 1 FROM owner_groups g
    WHERE g.id = o.owner_group_id AND box.owner IN (lower(g.id), lower(g.name), lower(o.name), CAST(o.id AS text))))
