"""Learn how reliable each owner's dates are, from what was observed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.parameters import Parameters
from geo_service.domain.reliability import FORMULA, Reliability, Seen, estimate_reliability
from geo_service.store import reliabilities, rules
from geo_service.store.listing import Row
from geo_service.store.reliabilities import Key


@dataclass(frozen=True, slots=True)
class LearningResult:
    """How many rows stand now, of how many owner groups, and of how many the figures changed: claims must then be computed anew."""

    rows: int
    owner_groups: int
    changed: int


def learn(conn: sa.Connection, today: date) -> LearningResult:
    """Put what the observed changes say in the place of what was learnt before; what a person fixed stays, and owners lean on it.

    The caller holds the writers' lock, recomputes everything when something `changed`, and commits both together.
    """
    parameters = rules.load_parameters(conn)
    before = reliabilities.by_key(conn)
    rows = list(_rows(conn, before, parameters))
    own = {key: row for key, row in before.items() if row["source"] is None}
    for row in rows:
        was = own.get((row["owner_group_id"], row["certainty"]))
        same = was is not None and all(was[name] == row[name] for name in row)
        row["learnt_on"] = was["learnt_on"] if was is not None and same else today
    now = {(row["owner_group_id"], row["certainty"]): row for row in rows}
    changed = sum(_figures(own.get(key)) != _figures(now.get(key)) for key in own.keys() | now.keys())
    reliabilities.replace_estimates(conn, rows)
    groups = {row["owner_group_id"] for row in rows} - {None}
    return LearningResult(len(rows), len(groups), changed)


def learn_for_day(conn: sa.Connection, today: date) -> list[UUID]:
    """Learn, and return the works whose claims the new figures make otherwise: the caller looks at them anew."""
    db.execute(conn, "geo_service.coordination", "learning_analyze")
    before = reliabilities.by_key(conn)
    learn(conn, today)
    after = reliabilities.by_key(conn)
    moved = [
        key for key in before.keys() | after.keys() if _figures(before.get(key)) != _figures(after.get(key))
    ]
    return reliabilities.works_of(conn, moved) if moved else []


def _rows(conn: sa.Connection, before: Mapping[Key, Row], parameters: Parameters) -> Iterator[dict[str, Any]]:
    """All owners first: each owner leans on them, and they on day one."""
    weight = parameters.reliability_weight_works
    leans_on = reliabilities.day_one(conn)
    for (owner_group, certainty), row in before.items():
        if owner_group is None and row["source"] is not None:
            leans_on[certainty] = reliabilities.values_of(row)
    for row in reliabilities.estimates(conn, parameters.slack_share):
        owner_group, certainty = row["owner_group_id"], row["certainty"]
        if (owner_group, certainty) in before and before[owner_group, certainty]["source"] is not None:
            continue
        towards = leans_on[certainty]
        seen = {
            "slack_before_days": Seen(row["before_works"], row["before_days"]),
            "slack_after_days": Seen(row["after_works"], row["after_days"]),
            "probability": Seen(row["opened_works"], row["opened_share"]),
        }
        figures = estimate_reliability(seen, towards, weight)
        if owner_group is None:
            leans_on[certainty] = figures
        yield {
            "owner_group_id": owner_group,
            "certainty": certainty,
            "slack_before_days": figures.slack_before_days,
            "slack_after_days": figures.slack_after_days,
            "probability": figures.probability,
            "observations": row["works"],
            "basis": _basis(row, seen, towards, parameters),
        }


def _basis(
    row: Row, seen: Mapping[str, Seen], towards: Reliability, parameters: Parameters
) -> dict[str, Any]:
    """Everything a person needs to do the sum again."""
    figures = {
        name: {
            "works": one.works,
            "own": one.own if one.own is None else round(one.own, 4),
            "towards": getattr(towards, name),
        }
        for name, one in seen.items()
    }
    return {
        **figures,
        "formula": FORMULA,
        "weight": parameters.reliability_weight_works,
        "slack_share": parameters.slack_share,
        "from": row["first_on"].isoformat(),
        "to": row["last_on"].isoformat(),
        "towards": "day_one" if row["owner_group_id"] is None else "all_owners",
    }


def _figures(row: Row | Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    names = ("slack_before_days", "slack_after_days", "probability")
    return tuple(row[name] for name in names) if row is not None else None
