           -- Price of a square metre of the pavement `under` the ground, in the names that cities and GRB give to it. Part of claims_*.sql.
           CAST(CASE WHEN under.material ~* 'natuursteen|natural|kassei|sett' THEN :relay_natural_stone_eur_per_m2
                     WHEN under.material ~* 'asfalt|asphalt|bitum' THEN :relay_asphalt_eur_per_m2
                     WHEN under.material ~* 'straatsteen|straatstenen|klinker|block|brick' THEN :relay_blocks_eur_per_m2
                     WHEN under.material ~* 'tegel|tile|slab' THEN :relay_tiles_eur_per_m2
                     WHEN under.material ~* 'beton|concrete' THEN :relay_concrete_eur_per_m2
                     ELSE :relay_eur_per_m2 END AS float8)
