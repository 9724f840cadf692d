"""Print what the simulated year draws from: how works of Osiris begin beside what was said of them, from the weekly files alone.

    uv run python -m scripts.real.starts --shared ../shared

A worksite is judged by what was stated when it first stood in the log as planned or permitted, and by the weeks in which it was seen
*en phase de réalisation*. What stood there in the first week already began earlier and is left out. Days are known to a week.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from geo_service.intake.mapping.library import load_mapping
from scripts.real import osiris

DECILES = tuple(range(0, 101, 10))
OPEN_ENDED = date(2099, 1, 1)
CALM = "Pas d'urgence"
FINDINGS = ("Constat de chantier fantôme", "Constat de dégradation")


@dataclass(slots=True)
class Worksite:
    """What was said of a worksite when it was first planned, and in which weeks it was seen open."""

    certainty: str
    seen_on: date
    starts_on: date
    ends_on: date
    opened: list[date]
    last_certainty: str
    last_seen: date
    last_starts_on: date
    last_ends_on: date
    slip_days: int = 0
    """Days that the stated start moved later before it was seen open."""
    told_late: bool = False
    """That it moves was told on or after the start that was stated until then."""
    overrun_days: int = 0
    """Days that the stated end moved later once it was seen open."""

    @property
    def delay_days(self) -> int:
        """Days from the stated start to the first week in which it was seen open; negative when earlier."""
        return (self.opened[0] - self.starts_on).days


def worksites(shared: Path) -> tuple[dict[int, Worksite], Counter[str], date]:
    """Worksites first seen as planned or permitted, how all new ones first appeared, and the last week."""
    status = load_mapping("osiris").status
    sites: dict[int, Worksite] = {}
    firsts: Counter[str] = Counter()
    met: set[int] = set()
    day = date.min
    for number_of_week, week in enumerate(osiris.snapshots(shared)):
        day = week.day
        for number, record in week.worksites.items():
            certainty = status.get(record["Statut"])
            if certainty is None or record["Nature"] in FINDINGS:
                continue
            days = _days(record)
            if number not in met and number_of_week > 0:
                firsts[certainty] += 1
                if record["Urgence"] != CALM:
                    firsts["urgent"] += 1
                elif certainty == "in_progress":
                    firsts["in_progress, not urgent"] += 1
            met.add(number)
            if number not in sites and certainty in ("planned", "confirmed") and days and days[0] >= day:
                sites[number] = Worksite(certainty, day, *days, [], certainty, day, *days)
            if number in sites:
                _follow(sites[number], certainty, day, days)
    return sites, firsts, day


def _follow(site: Worksite, certainty: str, day: date, days: tuple[date, date] | None) -> None:
    """Note what a further week says of a worksite."""
    if (
        days is not None
        and not site.opened
        and site.certainty == "confirmed"
        and days[0] > site.last_starts_on
    ):
        site.slip_days += (days[0] - site.last_starts_on).days
        site.told_late = site.told_late or day >= site.last_starts_on
    if days is not None and site.opened and days[1] > site.last_ends_on:
        site.overrun_days += (days[1] - site.last_ends_on).days
    if days is not None:
        site.last_starts_on, site.last_ends_on = days
    site.last_certainty, site.last_seen = certainty, day
    if certainty == "in_progress":
        site.opened.append(day)


def figures(shared: Path) -> dict[str, object]:
    """Shares and deciles, as `geo_service/simulation/assumptions.py` quotes them."""
    sites, firsts, last = worksites(shared)
    due = [one for one in sites.values() if one.ends_on <= last]
    begun = [one for one in sites.values() if one.opened]
    over = [one for one in begun if one.last_seen < last or one.last_certainty in ("done", "cancelled")]
    permitted = [one for one in sites.values() if one.certainty == "confirmed"]
    slid = [one for one in permitted if one.slip_days]
    overrun = [one for one in begun if one.overrun_days]
    return {
        "worksites": len(sites),
        "permitted": len(permitted),
        "slip_share": len(slid) / len(permitted),
        "slip_days": _deciles([one.slip_days for one in slid]),
        "slip_told_late_share": sum(one.told_late for one in slid) / max(1, len(slid)),
        "overrun_share": len(overrun) / len(begun),
        "overrun_days": _deciles([one.overrun_days for one in overrun]),
        "due": {name: _share(due, name) for name in ("planned", "confirmed")},
        "cancelled_openly": sum(one.last_certainty == "cancelled" for one in due if not one.opened)
        / max(1, sum(not one.opened for one in due)),
        "first_seen_as": dict(firsts),
        "lead_days": _deciles([(one.starts_on - one.seen_on).days for one in sites.values()]),
        "delay_days": _deciles([one.delay_days for one in begun]),
        "window_days": _deciles([(one.ends_on - one.starts_on).days for one in sites.values()]),
        "open_share_of_window": _deciles(
            [min(1.0, 7 * len(one.opened) / max(7, (one.ends_on - one.starts_on).days)) for one in over]
        ),
        "open_days": _deciles([7 * len(one.opened) for one in over]),
        "begun": len(begun),
        "over": len(over),
        "vanished_in_progress": sum(one.last_certainty == "in_progress" for one in over) / max(1, len(over)),
    }


def _share(due: Sequence[Worksite], certainty: str) -> dict[str, float]:
    these = [one for one in due if one.certainty == certainty]
    return {"works": len(these), "begun": sum(bool(one.opened) for one in these) / max(1, len(these))}


def _deciles(values: Sequence[float]) -> list[float]:
    return [round(float(one), 3) for one in np.percentile(values, DECILES)] if values else []


def _days(record: dict[str, str]) -> tuple[date, date] | None:
    starts, ends = (_day(record.get(f"{name}Autorisee") or record[name]) for name in ("DateDebut", "DateFin"))
    return (starts, ends) if starts and ends and ends < OPEN_ENDED and starts <= ends else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _lines(shared: Path) -> Iterator[str]:
    for name, value in figures(shared).items():
        yield f"{name}: {json.dumps(value)}\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help=f"the folder that holds {osiris.FOLDER}")
    sys.stdout.writelines(_lines(parser.parse_args().shared))
