"""The smallest facts of an advice: works, conflicts and days around today."""

from datetime import date, timedelta
from typing import Any

from geo_service import city
from geo_service.domain.advice import Advice, advise
from geo_service.domain.conflicts import RepairConflict, WorksParty
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import RepairCase
from geo_service.i18n import Translator
from geo_service.presentation.advice import describe_advice

TODAY = date(2026, 9, 1)
PARAMETERS = Parameters()
SECTION = RepairCase("section", "normal")
RANKS = city.load().layers.ranks
DUTCH = Translator("nl", TODAY)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def works(days: tuple[int, int] = (30, 44), **more: Any) -> WorksParty:
    fields: dict[str, Any] = {
        "owner": "Proximus", "owner_kind": "utility", "source": "gipod", "source_id": "20717586", "certainty": "planned",
        "starts_on": day(days[0]), "ends_on": day(days[1]), "claimed_until": day(days[1] + 5),
    }  # fmt: skip
    return WorksParty(**{**fields, **more})


def conflict(party: WorksParty | None = None, **more: Any) -> RepairConflict:
    fields: dict[str, Any] = {
        "rule": "wasted_repair", "rule_version": 1, "severity": "high", "blocking": True, "status": "open", "works": party or works(),
        "gap_days": 29, "probability": 0.85, "cost_at_risk_eur": 1_500.0, "overlap_m2": 8.0, "repair_m2": 40.0, "distance_m": 0.0,
        "value_eur": 4_800.0, "life_days": 7305, "lost_share": 0.4,
    }  # fmt: skip
    return RepairConflict(**{**fields, **more})


def advice(*conflicts: RepairConflict, repair: RepairCase = SECTION) -> Advice:
    return advise(repair, conflicts, PARAMETERS, TODAY, RANKS)


def uncertain(cost: float, **more: Any) -> RepairConflict:
    return conflict(works(certainty="indicative", **more), blocking=False, cost_at_risk_eur=cost)


def late(days: tuple[int, int] = (-80, -40), **more: Any) -> WorksParty:
    return works(days, certainty="in_progress", overdue=True, claimed_until=day(1), **more)


def sentences(given: Advice) -> dict[str, Any]:
    """What an advice says to people, in Dutch, under the names that the API gives it."""
    return describe_advice(given, DUTCH)


def options(given: Advice) -> dict[str, Any]:
    """The alternatives of an advice with their sentences, by code."""
    return {option["code"]: option for option in sentences(given)["alternatives"]}
