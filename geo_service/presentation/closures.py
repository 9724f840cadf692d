"""Why a conflict is over, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geo_service.domain.period import ONE_DAY
from geo_service.i18n import Translator
from geo_service.store.listing import Row

_PLAIN = ("geometry", "phase", "deleted", "renumbered")
_CERTAINTIES = {"cancelled": "works_cancelled", "done": "works_done"}


def cause(row: Row, translator: Translator) -> dict[str, Any]:
    """One change (`store.closures.causes`) with its `code` and `text`; `works_id` is None for one of the repair."""
    code, params = _wording(row, translator)
    text = translator.text(f"closure.{code}", name=_name(row), **params)
    return {"code": code, "text": text, "works_id": row["works_id"]}


def _wording(row: Row, translator: Translator) -> tuple[str, Mapping[str, Any]]:
    field, old, new = row["field"], row["old_value"], row["new_value"]
    if row["works_id"] is None:
        return f"repair_{field}", {"other": new}
    if field in ("starts_on", "ends_on") and old and new:
        shift = ONE_DAY if field == "ends_on" else 0 * ONE_DAY
        return f"works_{field}", {
            "old": date.fromisoformat(old) - shift,
            "new": date.fromisoformat(new) - shift,
        }
    if field == "certainty":
        params = {"old": translator.text(f"certainty.{old}"), "new": translator.text(f"certainty.{new}")}
        return _CERTAINTIES.get(new, "works_certainty"), params
    if field == "vanished":
        return ("works_vanished" if new else "works_back"), {}
    return f"works_{field}" if field in _PLAIN else "works_days", {}


def _name(row: Row) -> str:
    return " ".join(part for part in (row["owner"], row["source_id"]) if part)
