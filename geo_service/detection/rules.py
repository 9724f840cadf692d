"""The day-one rules and certainties: literal tuples you can read, copied to the database where a city adjusts them.

A rule is a row of parameters, never a program: `detect.sql` reads them all. Changing a default here means a new version.
"""

from __future__ import annotations

from geo_service.domain.rules import CertaintyRow, Rule

RULES = (
    # The mission's case: the new surface would be reopened within its service life. A finished repair is its moratorium.
    # 2 m: a trench beside the repair still takes its edge; across the street (>= 6 m) stays free.
    Rule(
        "wasted_repair",
        kinds_a=("investment",),
        kinds_b=("opening",),
        clearance_m=2.0,
        owners="any",
        departments=("werkplaatsen", "nutsen"),
        blocking=True,
    ),
    # Crews in each other's way. An occupancy (aerial platform, scaffold) on the same days informs and never blocks.
    Rule(
        "repair_during_works",
        kinds_a=("repair",),
        kinds_b=("opening",),
        clearance_m=2.0,
        owners="any",
        departments=("werkplaatsen", "nutsen"),
        severity="high",
        blocking=True,
    ),
    Rule(
        "occupancy_during_repair",
        kinds_a=("repair",),
        kinds_b=("occupancy",),
        clearance_m=0.0,
        owners="any",
        departments=("werkplaatsen",),
        severity="low",
    ),
    # The hole itself must lie in the reinstated trench: one metre beside it is not the utility's. A fifth of what was reported, as
    # holes are drawn roughly; so that one filled pit of 4 m² does not make a utility pay for the renewal of a whole street.
    Rule(
        "guarantee_applies",
        kinds_a=("defect",),
        kinds_b=("guarantee",),
        clearance_m=0.0,
        least_share=0.2,
        owners="different",
        departments=("werkplaatsen", "nutsen"),
        severity="medium",
    ),
    # NOTE: two sites of one owner group on one spot are that owner's own planning and are not reported.
    Rule(
        "works_clash",
        kinds_a=("opening", "occupancy"),
        kinds_b=("opening", "occupancy"),
        clearance_m=0.0,
        owners="different",
        departments=("nutsen",),
        severity="medium",
    ),
)


# Starting values, to be replaced by what is learnt from observed changes. Concreet gepland (`planned`) and In uitvoering may hold a
# repair, niet-concreet gepland (`indicative`) may only advise: its day is a wish, and it is given two months either way.
CERTAINTY_ROWS = (
    CertaintyRow("indicative", 60, 60, 0.35, firm=False),
    CertaintyRow("planned", 0, 5, 0.85, firm=True),
    CertaintyRow("confirmed", 0, 0, 0.95, firm=True),
    CertaintyRow("in_progress", 0, 0, 1.0, firm=True),
    CertaintyRow("done", 0, 0, 0.0, firm=False),
    CertaintyRow("cancelled", 0, 0, 0.0, firm=False),
)
