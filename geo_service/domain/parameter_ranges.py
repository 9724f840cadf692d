"""What is believable of a parameter, and the check of a new value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from geo_service.domain.errors import InvalidInput
from geo_service.domain.parameters import Parameters

INTEGERS = (
    "lead_category_1_days",
    "lead_category_2_days",
    "lead_category_3_working_days",
    "answer_within_days",
    "term_critical_days",
    "term_high_days",
    "term_medium_days",
    "remind_before_days",
    "hold_look_ahead_days",
    "joint_least_days",
    "umbrella_min_days",
    "umbrella_presence_days",
    "learn_reliability",
    "repair_term_danger_days",
    "repair_term_high_days",
    "repair_term_normal_days",
    "repair_term_low_days",
    "duplicate_within_days",
    "late_after_days",
    "stale_after_days",
    "overdue_most_days",
    "open_streets_most",
    "finished_after_days",
    "renumbered_within_days",
)

RANGES: Mapping[str, tuple[float, float]] = {
    "working_width_m": (0.1, 10),
    "working_width_category_1_m": (0.1, 10),
    "working_width_category_2_m": (0.1, 10),
    "working_width_category_3_m": (0.1, 10),
    "working_width_sewer_m": (0.1, 20),
    "working_width_occupancy_m": (0.1, 10),
    "frontage_reach_m": (0.5, 20),
    "unsure_clearance_m": (0, 50),
    "place_off_m": (0, 10),
    "kerb_depth_m": (0, 5),
    "street_outline_m2": (10, 100_000),
    "street_outline_width_m": (1, 50),
    "ring_m": (0, 100),
    "access_reach_m": (0.1, 50),
    "access_reach_emergency_m": (0.1, 50),
    "access_forecourt_m": (0, 100),
    "street_half_width_m": (1, 50),
    "dig_gap_m": (0, 50),
    "dig_same_days_share": (0.1, 1),
    "spot_radius_m": (0.1, 5),
    "section_fallback_radius_m": (0.5, 20),
    "spot_life_years": (0.1, 50),
    "section_life_years": (0.1, 100),
    "natural_stone_life_years": (0.1, 200),
    "asphalt_life_years": (0.1, 100),
    "spot_repair_eur": (0, 100_000),
    "relay_eur_per_m2": (0, 10_000),
    "relay_tiles_eur_per_m2": (0, 10_000),
    "relay_blocks_eur_per_m2": (0, 10_000),
    "relay_natural_stone_eur_per_m2": (0, 10_000),
    "relay_asphalt_eur_per_m2": (0, 10_000),
    "relay_concrete_eur_per_m2": (0, 10_000),
    "relay_margin_m": (0, 10),
    "relay_whole_share": (0.1, 1),
    "year_share": (0.001, 1),
    "thin_share": (0, 1),
    "late_after_days": (0, 365),
    "finished_after_days": (0, 3650),
    "overdue_most_days": (1, 3650),
    "lapsed_wish_share": (0, 1),
    "stale_after_days": (1, 3650),
    "defect_most_m2": (0.1, 10_000),
    "make_safe_eur": (0, 100_000),
    "guarantee_months": (0, 240),
    "protection_years": (0, 50),
    "protection_works_years": (0, 50),
    "relay_least_m": (1, 1000),
    "relay_least_width_share": (0.1, 1),
    "lead_category_1_days": (0, 365),
    "lead_category_2_days": (0, 365),
    "lead_category_3_working_days": (0, 60),
    "answer_within_days": (1, 250),
    "term_critical_days": (1, 250),
    "term_high_days": (1, 250),
    "term_medium_days": (1, 250),
    "remind_before_days": (0, 60),
    "hold_look_ahead_days": (0, 3650),
    "joint_least_days": (1, 3650),
    "joint_least_share": (0.01, 1),
    "umbrella_min_days": (1, 3650),
    "umbrella_min_m2": (1, 10_000_000),
    "umbrella_alone_m2": (1, 250_000_000),
    "umbrella_least_share": (0, 1),
    "umbrella_presence_days": (1, 365),
    "duplicate_within_m": (0, 50),
    "duplicate_within_days": (0, 365),
    "renumbered_least_share": (0.5, 1),
    "renumbered_within_days": (0, 3650),
    "medium_from_eur": (0, 10_000_000),
    "high_from_eur": (0, 10_000_000),
    "critical_from_eur": (0, 10_000_000),
    "coordinate_from_eur": (0, 100_000_000),
    "repair_spot_hours": (0.1, 24),
    "repair_section_hours": (0.1, 24),
    "repair_area_hours": (0.1, 24),
    "repair_term_danger_days": (0, 30),
    "repair_term_high_days": (1, 250),
    "repair_term_normal_days": (1, 1000),
    "repair_term_low_days": (1, 1000),
    "repair_day_eur": (0, 1000),
    "drive_factor": (1, 5),
    "drive_km_per_hour": (1, 120),
    "drive_eur_per_km": (0, 100),
    "learn_reliability": (0, 1),
    "slack_share": (0.5, 0.99),
    "reliability_weight_works": (1, 1000),
    "open_streets_most": (1, 1_000),
}
"""What is believable; beyond it somebody took another unit, or a digit too many."""


def checked(before: Parameters, name: str, value: float) -> Parameters:
    """`before` with one number changed. Raises InvalidInput: no such parameter, out of range, or severities out of order."""
    if name not in RANGES:
        raise InvalidInput.one("name", "no_such_parameter", given=name, known=[*RANGES])
    low, high = RANGES[name]
    if not (math.isfinite(value) and low <= value <= high):
        raise InvalidInput.one(name, "out_of_range", least=f"{low:g}", most=f"{high:g}")
    if name in INTEGERS and value != int(value):
        raise InvalidInput.one(name, "not_whole")
    after = replace(before, **{name: value})
    if not after.medium_from_eur <= after.high_from_eur <= after.critical_from_eur:
        raise InvalidInput.one(name, "out_of_order")
    return after
