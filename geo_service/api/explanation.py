"""The explanation of a conflict: its rule, its figures, the origin of its records, and the changes that would end it, also in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.api import serializers
from geo_service.domain.conflicts import GONE
from geo_service.domain.explain import disappears_if
from geo_service.domain.rules import FIELD_OF
from geo_service.i18n import Translator
from geo_service.store import listing, rules, surroundings
from geo_service.store.listing import Row

ONE_DAY = timedelta(days=1)

RULE_FIELDS = (
    "id", "version", "clearance_m", "least_share", "before_days", "after_days", "owners", "same_side", "ends_within_days", "least_count",
    "window_days",
)  # fmt: skip


def explanation(
    conn: sa.Connection, row: Row, briefs: Mapping[UUID, Row], translator: Translator, day: date
) -> dict[str, Any]:
    """What a person needs to check a stored conflict by hand."""
    rule = rules.get_version(conn, row["rule_id"], row["rule_version"])
    parameters = rules.load_parameters(conn)
    [front] = surroundings.frontages(conn, [listing.read_geometry(row["geom"])], parameters)
    return {
        "sentence": sentence(row, briefs, translator),
        "rule": {name: rule[FIELD_OF.get(name, name)] for name in RULE_FIELDS},
        "lead_days": _lead_days(row, day),
        "frontage": [frontage(one, translator) for one in front],
        "sources": [_source(one) for one in surroundings.provenance(conn, serializers.works_ids([row]))],
        "disappears_if": [
            {
                "code": change.code,
                "params": change.params,
                "text": translator.text(f"disappear.{change.code}", **change.params),
            }
            for change in disappears_if(dict(row), dict(rule))
        ],
    }


def frontage(front: Row, translator: Translator) -> dict[str, Any]:
    """The houses along a place, with their text: "voor huisnummer 12 tot 16"."""
    names = ("street", "side", "number_from", "number_to")
    houses = {name: str(front[name]) for name in names}
    form = "one" if front["number_from"] == front["number_to"] else "range"
    return {**houses, "text": translator.text(f"frontage.{form}", **houses)}


def sentence(row: Row, briefs: Mapping[UUID, Row], translator: Translator) -> str:
    """The conflict in one sentence; for a past one, also why it ended."""
    a, b, facts = row["a"], row["b"], row["facts"]
    parties = [_owner(side, briefs) for side in (a, b)]
    works = b if b["works_ids"] else a
    params = {
        "owner": _owner(works, briefs),
        "other_owner": parties[0],
        "building": b.get("place") or "",
        "from": _day(works["stated_starts_on"] or works["starts_on"]),
        "last": _day(works["stated_ends_on"] or works["ends_on"]) - ONE_DAY,
        "until": _day(row["a"].get("moratorium_until") or works["ends_on"]),
        "days": facts["overlap_days"] or facts["gap_days"],
        "weeks": round(facts["gap_days"] / 7),
        "area_m2": facts["overlap_m2"],
        "distance_m": facts["distance_m"],
        "years": round((facts["inputs"]["life_days"] or 0) / 365.25, 1),
        "saving": facts.get("saving_eur", 0),
        "cost": facts["cost_at_risk_eur"],
        "count": facts.get("digs"),
        "street": b.get("place") or "",
    }
    if row["rule_id"] == "wasted_repair":
        params["days"] = facts["gap_days"]
    if row["rule_id"] == "shared_trench":
        first, second = sorted(
            zip((a, b), parties, strict=True), key=lambda side: side[0]["stated_starts_on"]
        )
        params |= {"owner": first[1], "other_owner": second[1]}
    text = translator.text(f"reason.{_why(row)}", **params)
    return translator.text(f"gone.{row['status']}", sentence=text) if row["status"] in GONE else text


def _why(row: Row) -> str:
    """The key of the sentence: that of the rule, or of the reason not to wait."""
    flags = {"after": "after_layer", "crossing": "crossing", "joint": "joint"}
    return next((code for flag, code in flags.items() if row["facts"].get(flag)), str(row["rule_id"]))


def nearby(rows: Iterable[Row], translator: Translator) -> list[dict[str, Any]]:
    """Works near the place, in words."""
    return [
        {
            "works_id": row["works_id"],
            **{name: row[name] for name in ("source", "source_id", "owner", "title", "kind", "certainty")},
            **{name: row[name] for name in ("starts_on", "ends_on", "distance_m")},
            "text": translator.text(
                "reason.nearby" if row["distance_m"] else "reason.nearby_here",
                owner=row["owner"],
                distance_m=row["distance_m"],
                **{"from": row["starts_on"], "last": row["ends_on"] - ONE_DAY},
            ),
        }
        for row in rows
    ]


def request_text(
    advice: Mapping[str, Any],
    fronts: Sequence[Mapping[str, Any]],
    section: Row | None,
    translator: Translator,
) -> str | None:
    """The request to the owner of the works: "herstel de volle breedte voor huisnummer 12 tot 16"; None
    without an addressee.
    """
    with_owner = [one for one in advice["reasons"] if one["owner"]]
    reason = next((one for one in with_owner if one["code"] in REQUESTS), next(iter(with_owner), None))
    if reason is None or advice["verdict"] not in ("wait", "combine", "recover", "make_safe", "coordinate"):
        return None
    key = REQUESTS.get(reason["code"], "request.full_width")
    if key in (REQUESTS["guarantee_applies"], "request.full_width") and not fronts:
        return None
    front = _front(fronts, section, translator) if fronts else None
    where = " ".join((front["street"], front["text"])) if front else reason["source_id"]
    params = {**reason["params"], "owner": reason["owner"], "source_id": reason["source_id"]}
    return translator.text(key, **params, where=where)


REQUESTS = {
    "guarantee_applies": "request.recover",
    "overrun": "request.finished",
    "probably_finished": "request.finished",
    "overdue": "request.begun",
    "whole_street": "request.side",
}
"""The request by reason; the default is to reinstate the full width."""


def _front(
    fronts: Sequence[Mapping[str, Any]], section: Row | None, translator: Translator
) -> Mapping[str, Any]:
    """The houses on the street of the section; the nearest house may stand on a corner, with a number in the
    other street.
    """
    if section is None or section["street"] is None:
        return fronts[0]
    numbered = [frontage(section, translator)] if section["number_from"] and section["number_to"] else fronts
    return next((one for one in fronts if one["street"] == section["street"]), numbered[0])


def _source(row: Row) -> dict[str, Any]:
    last_seen_at: datetime | None = row["last_seen_at"]
    age = None if last_seen_at is None else max(0, round((datetime.now(UTC) - last_seen_at).total_seconds()))
    change = {
        "field": row["field"],
        "from": row["old_value"],
        "to": row["new_value"],
        "observed_on": row["observed_on"],
    }
    names = ("works_id", "source", "source_id", "owner", "first_seen_at", "last_seen_at", "vanished_at")
    return {
        **{name: row[name] for name in names},
        "registered_at": row["created_at"],
        "last_change": change if row["field"] else None,
        "data_age_seconds": age,
    }


def _lead_days(row: Row, day: date) -> int | None:
    """Days until the later of the two beginnings; negative after it."""
    starts = [side["stated_starts_on"] or side["starts_on"] for side in (row["a"], row["b"])]
    return (max(map(_day, starts)) - day).days


def _owner(side: Mapping[str, Any], briefs: Mapping[UUID, Row]) -> str:
    brief = briefs.get(UUID(str(side["works_id"]))) if side["works_id"] else None
    return str(brief["owner"] if brief else side["owner_group"] or side.get("place") or "")


def _day(text: str) -> date:
    return date.fromisoformat(text)
