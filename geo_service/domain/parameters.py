"""The numbers every city sets for itself, with where each default comes from.

A row in table `parameters` overrides a default. Lengths in metres, areas in m², money in euro.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Parameters:
    """Defaults to start from (domain.md §4)."""

    working_width_m: float = 1.5
    """A trench is worked at least this wide; GIPOD draws strips of 0.5–1.5 m (lines buffered by 0.25 m)."""
    working_width_category_1_m: float = 2
    """The same for GIPOD's category 1, mains over more than 50 m²."""
    working_width_category_2_m: float = 1.5
    """Category 2, 3–50 m²."""
    working_width_category_3_m: float = 1.5
    """Category 3, connections under 3 m²: a pit of one metre is worked from around it."""
    working_width_sewer_m: float = 3
    """Sewers lie deep: their trench has sloping or shored sides."""
    working_width_occupancy_m: float = 1.5
    """A scaffold or platform that is drawn as a line or point."""
    frontage_reach_m: float = 6
    """Façades this near tell on which side of the street ground lies, where no pavement section does."""
    unsure_clearance_m: float = 1
    """What may hold a repair reaches this far where the side of one of the two, or the kerb, is not known: measured in docs/precision.md."""
    place_off_m: float = 1
    """Reported places are off by as much as this: how far a hole must lie from a footpath to be surely in the carriageway."""
    kerb_depth_m: float = 0.2
    """Works drawn in the carriageway that reach no deeper than this into the footpath are in the carriageway (docs/precision.md)."""
    street_outline_m2: float = 200
    """With the next: an outline as large and as wide as a street, not a trench in it."""
    street_outline_width_m: float = 4
    ring_m: float = 20
    """Works this near are shown with an advice and never hold a repair."""
    access_reach_m: float = 3
    """Ground around a school, care home or building site that must stay open: the footpath in front of it."""
    access_reach_emergency_m: float = 10
    """The same for a fire station or hospital: as far as the carriageway."""
    access_forecourt_m: float = 25
    """A building that stands back from the street this far still needs the way to it."""
    street_half_width_m: float = 12
    """Ground on both sides of a street's centre line that counts as that street."""
    dig_gap_m: float = 10
    """Records of one owner this near are one dig: the connections of neighbours in a row of houses."""
    dig_same_days_share: float = 0.8
    """… when they share this part of the longer of their periods."""
    spot_radius_m: float = 0.5
    """Footprint of a hole that is reported as a point."""
    section_fallback_radius_m: float = 2.5
    """Footprint of a section repair where no pavement section is known."""
    spot_life_years: float = 2
    """Service life of a patched hole."""
    section_life_years: float = 20
    """Service life of a relaid footpath in concrete slabs or blocks."""
    natural_stone_life_years: float = 40
    """The same in natural stone."""
    asphalt_life_years: float = 15
    """The same in asphalt."""
    spot_repair_eur: float = 150
    """Placeholder until the city fills in its own price."""
    relay_eur_per_m2: float = 120
    """Placeholder until the city fills in its own price; also where the material is not known."""
    relay_tiles_eur_per_m2: float = 120
    """Placeholder: concrete slabs (betontegels)."""
    relay_blocks_eur_per_m2: float = 120
    """Placeholder: concrete or clay blocks (straatstenen, klinkers)."""
    relay_natural_stone_eur_per_m2: float = 260
    """Placeholder: natural stone, setts."""
    relay_asphalt_eur_per_m2: float = 70
    """Placeholder: asphalt."""
    relay_concrete_eur_per_m2: float = 130
    """Placeholder: concrete cast on site."""
    relay_margin_m: float = 0.5
    """What is cut is relaid with so much around it: half a metre of slabs or blocks."""
    relay_whole_share: float = 0.67
    """Who must relay this share relays all: two thirds, as in the Scottish code of practice (s117)."""
    year_share: float = 0.05
    """What a year of good footpath is worth to the city, as a share of its price: the price over a life of twenty years. From 0.02 to 0.08 the
    orders of works of Schaerbeek hardly differ (docs/order-of-works.md)."""
    thin_share: float = 0.02
    """Two ways on whose expected costs differ by less than this share of the price are as good as each other: people decide."""
    late_after_days: float = 7
    """Works past their stated end by more than this, or by more than their owner's dates are known to be off, may be finished: ask."""
    finished_after_days: float = 30
    """Works past their stated end by more than this are over as far as anybody can tell: a hole in their trench is theirs."""
    overdue_most_days: float = 90
    """Works that are late to begin take at most so long once they do, where their source does not say how long: permits of a year and a half
    for ten days of work are possible days."""
    lapsed_wish_share: float = 0.02
    """What is left of the probability of a wish (`indicative`) whose own days and their slack are over: nobody took it up, so that it is no reason
    to ask anew each day. Our own choice."""
    stale_after_days: float = 14
    """A source that was not read for so long is said in each advice that leans on it."""
    defect_most_m2: float = 25
    """Drawn ground larger than this is a renewal, no defect of which somebody bears the guarantee."""
    make_safe_eur: float = 180
    """Placeholder: temporary patch, with crew and signs."""
    guarantee_months: float = 24
    """UK practice: 2 years; no Flemish figure found, must be confirmed locally."""
    protection_years: float = 5
    """Sperperiode after a city re-lay: Code for utility works along municipal roads (VVSG)."""
    protection_works_years: float = 2
    """Sperperiode after utility works: the same code."""
    relay_least_m: float = 30
    """What was relaid over more than this, continuously, is a re-lay that protects: Scottish code of practice, s117, the only footway definition found."""
    relay_least_width_share: float = 0.67
    """… and over at least this part of the width of the pavement section: two thirds, the same code."""
    lead_category_1_days: float = 61
    """GIPOD decree: works over 50 m² are registered two months ahead."""
    lead_category_2_days: float = 28
    """GIPOD decree: works of 3–50 m² are registered four weeks ahead."""
    lead_category_3_working_days: float = 1
    """GIPOD decree: works under 3 m² are registered one working day ahead."""
    answer_within_days: float = 10
    """Working days that a utility has to answer a request, where its deadline has passed or is further away. Our own choice."""
    term_critical_days: float = 2
    """Working days that a critical conflict may stay undecided before the coordinator is asked. Our own choice, as are the next two."""
    term_high_days: float = 5
    """The same for a high one."""
    term_medium_days: float = 10
    """The same for a medium one; what is low may stay so."""
    remind_before_days: float = 1
    """A desk is reminded so many working days before that. Our own choice."""
    hold_look_ahead_days: float = 183
    """The open GIPOD feed covers today … +6 months."""
    joint_least_days: float = 28
    """Works of two owners with the same first and last day, at least so long, on the same ground are likely one project. Our own choice: crews
    that happen to begin and end together do so for a week or two. Of 1,358 clashes in Flanders (2017) 229 have the same days on both sides."""
    joint_least_share: float = 0.5
    """… when at least this part of the smaller ground is shared. Our own choice."""
    umbrella_min_days: float = 730
    """With `umbrella_min_m2`: works so long and so large that being inside them says little. Of 311 works over a year and a hectare in
    Flanders (2017), 236 last less than two: sewers and squares, which do open all of their ground."""
    umbrella_min_m2: float = 10_000
    umbrella_alone_m2: float = 500_000
    """One zone as large as this says little however long it lasts: 2.7 km of trench in 2 km² (the largest in Flanders, 2017)."""
    umbrella_least_share: float = 0.1
    """Umbrella works of which at least this part is shared are taken at their word about where they are."""
    umbrella_presence_days: float = 20
    """Days that umbrella works really spend at one place: probability = presence / length of the contract."""
    duplicate_within_m: float = 5
    """Two reports of one category this near may be of one defect. Our own choice: phones and clicks are some metres off."""
    duplicate_within_days: float = 28
    """And at most so many days after each other. Our own choice."""
    renumbered_least_share: float = 0.8
    """What two records share of the ground of both together, from which a record under a new id may be the one that vanished. In the
    programme of Schaerbeek (January and April 2026) renewals that got new ids share all of it, halves of a renewal at most half."""
    renumbered_within_days: float = 366
    """And its days begin at most so much earlier or later: programmes of years slip by a year at a time. Our own choice."""
    medium_from_eur: float = 250
    """Severity from cost at risk."""
    high_from_eur: float = 1_000
    critical_from_eur: float = 5_000
    coordinate_from_eur: float = 1_000
    """Cost at risk from which works that may not hold a repair by themselves go to the coordinator."""
    repair_spot_hours: float = 1.5
    """Hours of a crew for a repaired spot, with setting out and the way there. Our own choice, as are all numbers of the week plan."""
    repair_section_hours: float = 6
    """The same for a whole section."""
    repair_area_hours: float = 7.5
    """The same for a drawn area."""
    repair_term_danger_days: float = 1
    """Working days after the report in which danger must be away."""
    repair_term_high_days: float = 5
    """The same for high urgency."""
    repair_term_normal_days: float = 20
    """The same for normal urgency."""
    repair_term_low_days: float = 60
    """The same for low urgency."""
    repair_day_eur: float = 2
    """What a working day of waiting is worth for a normal repair: the week plan weighs it against euros wasted and kilometres."""
    drive_factor: float = 1.4
    """A crew drives so many times the straight line: streets bend. Our own choice, within what is measured in cities (1.2 to 1.6)."""
    drive_km_per_hour: float = 25
    """How fast, in a town."""
    drive_eur_per_km: float = 4
    """What a kilometre costs, with the hours of the crew."""
    open_streets_most: float = 6
    """As many streets may be open in one week before the overview says so. Placeholder until the coordinator sets it."""
    learn_reliability: float = 1
    """1: slack and probability are learnt per owner from observed changes; 0: only those of day one and those fixed by hand count."""
    slack_share: float = 0.8
    """Slack is so long that this share of the works that were seen stayed within it."""
    reliability_weight_works: float = 20
    """As many works as what an owner leans on weighs: of one with 20 works half is its own."""

    def safe_eur(self, scope: str) -> float:
        """What it costs to make a place safe: a hole is filled, for the time being, where that is no dearer than a patch."""
        return min(self.make_safe_eur, self.spot_repair_eur) if scope == "spot" else self.make_safe_eur


PARAMETER_NAMES = tuple(f.name for f in fields(Parameters))

PLACEHOLDERS = (
    "spot_repair_eur",
    "relay_eur_per_m2",
    "relay_tiles_eur_per_m2",
    "relay_blocks_eur_per_m2",
    "relay_natural_stone_eur_per_m2",
    "relay_asphalt_eur_per_m2",
    "relay_concrete_eur_per_m2",
    "make_safe_eur",
    "guarantee_months",
    "open_streets_most",
)
"""Prices, the term of a guarantee, and how many streets may be open at once, for which no source of the region was found: a city confirms or
replaces them.
"""
