           -- Price of a square metre of the pavement `under` the ground, by the names of materials of the city. Part of claims_*.sql.
           CAST(CASE WHEN under.material ~* :natural_stone_pattern THEN :relay_natural_stone_eur_per_m2
                     WHEN under.material ~* :asphalt_pattern THEN :relay_asphalt_eur_per_m2
                     WHEN under.material ~* :blocks_pattern THEN :relay_blocks_eur_per_m2
                     WHEN under.material ~* :tiles_pattern THEN :relay_tiles_eur_per_m2
                     WHEN under.material ~* :concrete_pattern THEN :relay_concrete_eur_per_m2
                     ELSE :relay_eur_per_m2 END AS float8)
