"""The explanation of a conflict: its rule, its figures, the origin of its records, and the changes that would end it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.conflicts import GONE
from geo_service.domain.rules import FIELD_OF
from geo_service.i18n import Translator
from geo_service.presentation import places
from geo_service.presentation.closures import cause
from geo_service.presentation.conflicts import changes_that_end_it, sentence
from geo_service.store import closures, conflicts, listing, rules, surroundings
from geo_service.store.listing import Row

RULE_FIELDS = (
    "id", "version", "clearance_m", "least_share", "before_days", "after_days", "owners", "same_side", "ends_within_days", "least_count",
    "window_days",
)  # fmt: skip


def explanation(
    conn: sa.Connection,
    row: Row,
    briefs: Mapping[UUID, Row],
    translator: Translator,
    day: date,
    *,
    party: str | None,
) -> dict[str, Any]:
    """What a person needs to check a stored conflict by hand; `party` is the owner group that a partner is confined to."""
    rule = rules.get_version(conn, row["rule_id"], row["rule_version"])
    parameters = rules.load_parameters(conn)
    is_gone = row["status"] in GONE
    [front] = surroundings.frontages(conn, [listing.read_geometry(row["geom"])], parameters)
    return {
        "sentence": sentence(row, briefs, translator, parameters),
        "rule": {name: rule[FIELD_OF.get(name, name)] for name in RULE_FIELDS},
        "lead_days": _lead_days(row, day),
        "frontage": [places.frontage(one, translator) for one in front],
        "sources": [_source(one) for one in surroundings.provenance(conn, conflicts.works_ids([row]))],
        "disappears_if": [] if is_gone else changes_that_end_it(row, rule, translator),
        "closure": _closure(conn, row, translator, party) if is_gone else None,
    }


def _closure(conn: sa.Connection, row: Row, translator: Translator, party: str | None) -> dict[str, Any]:
    """When and why a conflict that is gone was closed, and what there is in its place."""
    at = closures.closed_at(conn, row)
    is_city = party is None  # what the other side changed is not for a partner
    changes = closures.causes(conn, row["id"]) if row["status"] == "withdrawn" and is_city else []
    causes = [cause(one, translator) for one in changes] or _rule_cause(conn, row["rule_id"], at, translator)
    later = closures.successors(conn, row, party=party)
    return {
        "at": at,
        "causes": causes,
        "successors": [{"id": one["id"], "number": f"C-{one['number']}"} for one in later],
    }


def _rule_cause(
    conn: sa.Connection, rule_id: str, at: datetime | None, translator: Translator
) -> list[dict[str, Any]]:
    """The version of the rule that came into force in the transaction in which the conflict was closed, as the cause."""
    codes = {"retired": "rule_retired", "active": "rule"}
    changes = [
        one for one in rules.versions(conn, rule_id) if one["created_at"] == at and one["state"] in codes
    ]
    return [
        {
            "code": codes[one["state"]],
            "text": translator.text(f"closure.{codes[one['state']]}", version=one["version"]),
            "works_id": None,
        }
        for one in changes[:1]
    ]


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
    return (max(map(date.fromisoformat, starts)) - day).days
