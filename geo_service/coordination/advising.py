"""Bring the facts of a repair together and ask `domain.advice` what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast
from uuid import UUID

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service import db
from geo_service.detection import run
from geo_service.domain import agreements
from geo_service.domain.advice import Advice, advise
from geo_service.domain.conflicts import AGREED, GONE, STANDING, RepairConflict, WorksParty
from geo_service.domain.holds import SURFACE_RULES
from geo_service.domain.layers import LayerTable
from geo_service.domain.parameters import Parameters
from geo_service.domain.period import DAYS_PER_YEAR
from geo_service.domain.repairs import RepairCase, Scope, Urgency
from geo_service.store import cities, freshness, rules
from geo_service.store import conflicts as stored_conflicts
from geo_service.store.listing import Row


@dataclass(frozen=True, slots=True)
class RepairAdvice:
    """Advice on one stored repair, with the stored verdict, day and hold of the advice before it."""

    repair_id: UUID
    advice: Advice
    previous_verdict: str | None
    previous_until: date | None
    previous_held: bool
    planned_from: date | None = None


class WhatIfAdvice(NamedTuple):
    """Advice on a repair that is not stored, with the conflicts it would have (columns of `detection.run.CONFLICT_COLUMNS` and the
    `id`, `number` and `status` of those that are stored already), the works in them by id (`store.conflicts.works_brief`), and the
    ground it would take (storage CRS)."""

    advice: Advice
    conflicts: list[Row]
    works: Mapping[UUID, Row]
    ground: BaseGeometry


def of_repairs(
    conn: sa.Connection, repair_ids: Sequence[UUID], today: date, parameters: Parameters | None = None
) -> list[RepairAdvice]:
    """Advice on these stored repairs, from their stored conflicts; finished and cancelled ones are left out."""
    if not repair_ids:
        return []
    parameters = parameters or rules.load_parameters(conn)
    layers = cities.in_force(conn).layers
    rows = db.fetch(
        conn, "geo_service.coordination", "repair_cases", prepare=True, repair_ids=list(repair_ids)
    )
    ages = freshness.ages_days(conn, (row["source"] for row in rows if row["blocking"]), today)
    grouped: dict[UUID, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["repair_id"], []).append(row)
    return [
        RepairAdvice(
            repair_id,
            advise(
                _case(group[0]),
                [_conflict(row, row, ages, parameters, layers) for row in group if row["rule_id"]],
                parameters,
                today,
                layers.ranks,
            ),
            group[0]["verdict"],
            group[0]["verdict_until"],
            group[0]["held"],
            group[0]["planned_from"],
        )
        for repair_id, group in grouped.items()
    ]


def of_what_if(
    conn: sa.Connection,
    question: run.WhatIfRepair,
    urgency: Urgency,
    today: date,
    parameters: Parameters | None = None,
) -> WhatIfAdvice:
    """Advice on a repair that is not stored, or on other days of a stored one. Nothing is stored."""
    [one] = of_what_ifs(conn, [(question, urgency)], today, parameters)
    return one


def of_what_ifs(
    conn: sa.Connection,
    questions: Sequence[tuple[run.WhatIfRepair, Urgency]],
    today: date,
    parameters: Parameters | None = None,
) -> list[WhatIfAdvice]:
    """The same for several repairs, each as if the others were not there, or stayed as they are; `works` are those of all of them."""
    parameters = parameters or rules.load_parameters(conn)
    pairs, grounds = run.what_ifs(conn, [question for question, _ in questions], today, parameters)
    shown: dict[UUID, list[Row]] = {question.id: [] for question, _ in questions}
    stored = [question.id for question, _ in questions if question.stored]
    for row in _with_state(conn, pairs, stored):
        shown[row["repair_id"]].append(row)
    for question, _ in questions:
        if not question.stored:
            shown[question.id] = [{**row, "a": {**row["a"], "repair_id": None}} for row in shown[question.id]]
    works = stored_conflicts.briefs(conn, [row for rows in shown.values() for row in rows])
    advices = _advise(conn, questions, shown, works, today, parameters)
    return [
        WhatIfAdvice(advice, shown[question.id], works, grounds[question.id])
        for (question, _), advice in zip(questions, advices, strict=True)
    ]


def of_days(
    conn: sa.Connection,
    questions: Sequence[tuple[run.WhatIfRepair, Urgency]],
    today: date,
    parameters: Parameters | None = None,
) -> list[Advice]:
    """Advice on other days of several stored repairs, each as if the others stayed as they are. Nothing is stored."""
    return [one.advice for one in of_what_ifs(conn, questions, today, parameters)]


def _with_state(conn: sa.Connection, pairs: Sequence[Row], stored_ids: Sequence[UUID]) -> list[Row]:
    """The pairs of rules that are in force, with their id, number, status and agreement; `stored_ids`: the repairs that are in the store."""
    stored = stored_conflicts.stored_pairs(conn, pairs)
    agreed = stored_conflicts.agreements(conn, stored_ids) if stored_ids else {}
    shown: list[Row] = []
    for row in pairs:
        if not row["shadow"]:
            pair = tuple(row[name] for name in stored_conflicts.PAIR)
            held = agreed.get((row["repair_id"], row["b_origin_id"]))
            shown.append({**row, **_state_of(row, stored.get(pair), held)})
    return shown


def _advise(
    conn: sa.Connection,
    questions: Sequence[tuple[run.WhatIfRepair, Urgency]],
    shown: Mapping[UUID, Sequence[Row]],
    works: Mapping[UUID, Row],
    today: date,
    parameters: Parameters,
) -> list[Advice]:
    """The advice on each question, from its pairs by id and the works in all of them by id."""
    rows = [row for question, _ in questions for row in shown.get(question.id, ()) if row["b"]["works_id"]]
    sources = {works[_works_id(row["b"])]["source"] for row in rows if row["blocking"]}
    ages = freshness.ages_days(conn, sources, today)
    layers = cities.in_force(conn).layers
    advices = []
    for question, urgency in questions:
        met = [row for row in shown.get(question.id, ()) if row["b"]["works_id"]]
        parties = [_conflict(row, works[_works_id(row["b"])], ages, parameters, layers) for row in met]
        case = RepairCase(question.scope, urgency, question.starts_on, question.ends_on, question.latest_on)
        advices.append(advise(case, parties, parameters, today, layers.ranks))
    return advices


UNKNOWN = {"id": None, "number": None, "status": "open", "agreement": None}
_DAYS = ("stated_starts_on", "stated_ends_on")


def _state_of(pair: Row, stored: Row | None, agreed: Row | None) -> dict[str, Any]:
    """Id, number, status and agreement of a found pair, as `conflicts_open.sql` would leave it.

    `agreed`: what holds with the same works, of whichever pair.
    """
    state = UNKNOWN if stored is None else {name: stored[name] for name in UNKNOWN}
    if stored is not None and stored["status"] not in GONE:
        stands = stored["status"] not in STANDING or _same_facts(pair, stored)
        return state if stands else {**state, "status": "open"}
    if agreed is not None and pair["rule_id"] in SURFACE_RULES and _same_days(pair, agreed, "b"):
        return {**state, "status": agreed["status"], "agreement": agreed["agreement"]}
    return {**state, "status": "open"}


def _same_facts(pair: Row, stored: Row) -> bool:
    """Whether what people decided stands. With an agreement the repair may get other days: the guard looks whether they fit."""
    if not _same_days(pair, stored, "b"):
        return False
    own = _same_days(pair, stored, "a")
    if not own and stored["status"] in AGREED and stored["agreement"]:
        return True
    return own and all(pair[name] == stored[name] for name in ("severity", "blocking"))


def _same_days(pair: Row, stored: Row, side: str) -> bool:
    return all(pair[side][day] == stored[side][day] for day in _DAYS)


def _works_id(side: Mapping[str, Any]) -> UUID:
    return UUID(side["works_id"])


def _case(row: Row) -> RepairCase:
    return RepairCase(
        cast(Scope, row["scope"]),
        cast(Urgency, row["urgency"]),
        row["planned_from"],
        row["planned_until"],
        row["latest_on"],
        reported_on=row["reported_on"],
    )


def _whole_street(pair: Row, parameters: Parameters) -> bool:
    """Whether the works are an outline of the street from side to side, which says little of where they dig."""
    sides, facts = pair["b"]["sides"], pair["facts"]
    both = {
        f"{street}/{other}"
        for street, _, side in (one.rpartition("/") for one in sides)
        for other in ("even", "odd")
        if other != side
    }
    return bool(both & set(sides)) and facts["inputs"]["b_m2"] >= parameters.street_outline_m2


def _conflict(
    pair: Row, works: Row, ages: Mapping[str, int], parameters: Parameters, layers: LayerTable
) -> RepairConflict:
    """One conflict as advice reads it; `works` is the row with the owner and ids of its side b, `ages` the days since sources were read."""
    facts, b = pair["facts"], pair["b"]
    party = WorksParty.from_row(works, b, layers, ages.get(works["source"]))
    return RepairConflict(
        rule=pair["rule_id"],
        rule_version=pair["rule_version"],
        severity=pair["severity"],
        blocking=pair["blocking"],
        status=pair["status"],
        works=party,
        gap_days=facts["gap_days"],
        overlap_days=facts["overlap_days"],
        probability=facts["probability"],
        cost_at_risk_eur=facts["cost_at_risk_eur"],
        overlap_m2=facts["overlap_m2"],
        repair_m2=facts["inputs"]["a_m2"],
        distance_m=facts["distance_m"],
        life_years=round((facts["inputs"]["life_days"] or 0) / DAYS_PER_YEAR, 1),
        life_days=facts["inputs"]["life_days"] or 0,
        value_eur=facts["inputs"]["value_eur"] or 0,
        lost_share=facts.get("lost_share", 0),
        works_m2=facts["inputs"]["b_m2"],
        after=facts.get("after", False),
        whole_street=_whole_street(pair, parameters),
        crossing=facts.get("crossing", False),
        dig_id=UUID(str(pair["b_origin_id"])),
        works_ids=tuple(UUID(one) for one in b["works_ids"]),
        agreement=agreements.from_row(pair["agreement"]) if pair["status"] in AGREED else None,
    )
