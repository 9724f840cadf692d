    -- The columns of a claim, but for its number: those of `claim_columns()` in store/tables/findings.py.
    kind, origin_id, works_id, repair_id, building_id, owner_group_id, starts, ends, stated_starts, stated_ends,
    certainty, probability, firm, umbrella, overdue, moratorium_until, surfaces, value_eur, life_days, geom,
    group_id, street_id, sides, severity, eur_per_m2, layer
