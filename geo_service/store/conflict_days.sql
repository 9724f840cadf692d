-- The days of the conflict `c`: those that both sides share; where they share none, from the first day of the one to the last of the other.
(SELECT CASE WHEN side.a && side.b THEN side.a * side.b ELSE range_merge(side.a, side.b) END
 FROM (SELECT daterange(CAST(c.a ->> 'starts_on' AS date), CAST(c.a ->> 'ends_on' AS date)) AS a,
              daterange(CAST(c.b ->> 'starts_on' AS date), CAST(c.b ->> 'ends_on' AS date)) AS b) side)
