"""The explanation of a conflict: its rule, its figures, the origin of its records, and the changes that would end it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.rules import FIELD_OF
from geo_service.i18n import Translator
from geo_service.presentation import places
from geo_service.presentation.conflicts import changes_that_end_it, sentence
from geo_service.store import conflicts, listing, rules, surroundings
from geo_service.store.listing import Row

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
        "frontage": [places.frontage(one, translator) for one in front],
        "sources": [_source(one) for one in surroundings.provenance(conn, conflicts.works_ids([row]))],
        "disappears_if": changes_that_end_it(row, rule, translator),
    }


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
