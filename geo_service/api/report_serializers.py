"""Citizens' reports as the JSON of the contract: duplicates, messages and photos."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from geo_service.api.serializers import select_columns
from geo_service.store.listing import Row


def links(of: Row | None, doubles: Iterable[Row]) -> dict[str, Any]:
    """The report of which a repair is, or may be, the duplicate, and its own duplicates."""
    facts = ("status", "distance_m", "days_apart", "decided_at", "decided_by")
    return {
        "duplicate_of": of
        and {"id": of["of_id"], "number": f"H-{of['number']}", **select_columns(of, facts)},
        "duplicates": [
            {**select_columns(row, ("id", "reported_at", *facts)), "number": f"H-{row['number']}"}
            for row in doubles
        ],
    }


def message(row: Row) -> dict[str, Any]:
    """A message of a citizen."""
    fields = select_columns(row, ("id", "said_at", "received_at", "text", "status"))
    return {"number": f"H-{row['number']}", **fields, "reporter": row["details"]}


def photo(row: Row) -> dict[str, Any]:
    """A photo of a report, and the address of its picture; `message_id` names its message."""
    fields = select_columns(row, ("id", "message_id", "width", "height", "received_at"))
    return {
        **fields,
        "number": f"H-{row['number']}",
        "url": f"/api/v1/repairs/{row['repair_id']}/photos/{row['id']}",
    }
