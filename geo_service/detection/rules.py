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
        same_side=True,
        departments=("werkplaatsen", "nutsen"),
        blocking=True,
        version=2,
    ),
    # Crews in each other's way. An occupancy (aerial platform, scaffold) on the same days informs and never blocks.
    Rule(
        "repair_during_works",
        kinds_a=("repair",),
        kinds_b=("opening",),
        clearance_m=2.0,
        owners="any",
        same_side=True,
        departments=("werkplaatsen", "nutsen"),
        severity="high",
        blocking=True,
        version=2,
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
        min_overlap_share=0.2,
        owners="different",
        departments=("werkplaatsen", "nutsen"),
        severity="medium",
    ),
    # Ground that another owner closed not long ago. A fifth of the new pit, as what only crosses an old trench opens little of it.
    # NOTE: an owner may open its own trench again: it answers for it.
    Rule(
        "protected_ground",
        kinds_a=("opening",),
        kinds_b=("protection",),
        clearance_m=0.0,
        min_overlap_share=0.2,
        owners="different",
        same_side=True,
        departments=("nutsen",),
        severity="low",
    ),
    # NOTE: two sites of one owner group on one spot are that owner's own planning and are not reported.
    Rule(
        "works_clash",
        kinds_a=("opening", "occupancy"),
        kinds_b=("opening", "occupancy"),
        clearance_m=0.0,
        owners="different",
        same_side=True,
        departments=("nutsen",),
        severity="medium",
        version=2,
    ),
    # Open the street once instead of twice: within half a year of each other, for at least a fifth of the smaller trench. Same days on
    # the same ground is a clash, and told as that.
    Rule(
        "shared_trench",
        kinds_a=("opening",),
        kinds_b=("opening",),
        clearance_m=3.0,
        min_overlap_share=0.2,
        before_days=183,
        after_days=183,
        owners="different",
        departments=("nutsen",),
        opportunity=True,
        same_side=True,
        yields_to=("works_clash",),
    ),
    # The utility's final reinstatement takes the repair along: its works end within three weeks of it, next to it or under it. A third of
    # the repair must lie there: nobody relays a section for a pit of one metre.
    Rule(
        "repair_in_wake",
        kinds_a=("repair",),
        kinds_b=("opening",),
        clearance_m=3.0,
        min_overlap_share=0.3,
        after_days=21,
        ends_within_days=21,
        owners="any",
        departments=("werkplaatsen", "nutsen"),
        severity="info",
        opportunity=True,
        same_side=True,
    ),
    # NOTE: that works lie in the ground of an entrance is known, not whether people and engines find another way in.
    Rule(
        "access_blocked",
        kinds_a=("opening", "occupancy"),
        kinds_b=("access",),
        clearance_m=0.0,
        owners="different",
        departments=("publiek_domein", "patrimonium", "nutsen"),
    ),
    # The street that never gets a rest: four digs or sites in a year, finished ones (for as long as their guarantee lasts) included.
    Rule(
        "accumulated_hindrance",
        kinds_a=("opening", "occupancy", "guarantee"),
        kinds_b=("street",),
        clearance_m=0.0,
        min_overlap_share=0.5,
        owners="any",
        departments=("publiek_domein", "nutsen"),
        severity="medium",
        least_count=4,
        window_days=365,
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
