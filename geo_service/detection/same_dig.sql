          -- Two records near each other are one dig: of one owner group, and for most of the longer of their periods on the same days. Part of digs.sql.
          other.id <> one.id AND other.owner_group_id = one.owner_group_id
          AND least(upper(one.during), upper(other.during)) - greatest(lower(one.during), lower(other.during))
              >= CAST(:dig_same_days_share AS float8) * greatest(one.days, other.days)
