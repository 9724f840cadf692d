"""Propose how a file says its days, and name the values that are none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from geo_service.intake.assistant import dates
from geo_service.intake.assistant.columns import Column, has_times
from geo_service.intake.assistant.meanings import Translate, word_list
from geo_service.intake.mapping.definition import UNDECIDED

ENOUGH_RUN = 5
RUN_SHARE = 0.97
"""The share of works in progress from which all count so; a few may begin or end beside the day."""
DATED = ("starts_on", "ends_on", "reported_at", "finished_on")


def write_days(
    tables: dict[str, Any],
    target: str,
    by_field: dict[str, Column],
    origin: str,
    doubts: list[str],
    translate: Translate,
) -> None:
    """Write the formats of dates; a person decides about works without dates."""
    dated = {one: by_field[one] for one in DATED if one in by_field}
    forms = dates.forms_of(
        [value for column in dated.values() for value in column.filled], [Path(origin).name]
    )
    tables["dates"] = {"formats": forms.forms}
    if has_times(by_field.get("ends_on")):
        tables["dates"]["end"] = "instant"
    if forms.year is not None:
        tables["dates"]["year"] = forms.year
        doubts.append(translate("assistant.year", year=str(forms.year)))
    if forms.yearless:
        doubts.append(translate("assistant.yearless"))
    if forms.either_way:
        doubts.append(translate("assistant.days"))
    for field, column in dated.items():
        if no_days := [value for value in column.filled if not dates.is_any_day(value)]:
            words = word_list(dict.fromkeys(no_days))
            doubts.append(
                translate("assistant.no_day", field=field, column=column.name, rows=len(no_days), words=words)
            )
    missing = [one for one in ("starts_on", "ends_on") if one not in by_field] if target == "works" else []
    if missing:
        doubts.append(translate("assistant.no_days", fields=", ".join(missing)))
        tables["constants"].update(dict.fromkeys(missing, UNDECIDED))


def all_run(by_field: dict[str, Column], tables: dict[str, Any], day: date) -> bool:
    """Whether all works are in progress on some past day: then the list holds current works and not planned
    ones.
    """
    forms = dates.DateFormats(tables["dates"]["formats"], tables["dates"].get("year"))
    spans = [
        sorted(dates.first_days(by_field[one].filled, forms)) if one in by_field else []
        for one in ("starts_on", "ends_on")
    ]
    starts, ends = spans
    if min(len(starts), len(ends)) < ENOUGH_RUN:
        return False
    last_start, first_end = (
        starts[int(RUN_SHARE * (len(starts) - 1))],
        ends[int((1 - RUN_SHARE) * (len(ends) - 1))],
    )
    return last_start <= first_end and last_start <= day
