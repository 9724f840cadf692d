"""A place in words: the houses along it, and the works near it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geo_service.domain.period import ONE_DAY
from geo_service.i18n import Translator
from geo_service.store.listing import Row


def frontage(front: Row, translator: Translator) -> dict[str, Any]:
    """The houses along a place, with their text: "voor huisnummer 12 tot 16"."""
    names = ("street", "side", "number_from", "number_to")
    houses = {name: str(front[name]) for name in names}
    form = "one" if front["number_from"] == front["number_to"] else "range"
    return {**houses, "text": translator.text(f"frontage.{form}", **houses)}


def name(place: Mapping[str, str] | None) -> str:
    """Where a crew goes: "Gentsestraat 77–83"; empty where there are no houses."""
    if place is None:
        return ""
    numbers = "–".join(dict.fromkeys((place["number_from"], place["number_to"])))
    return f"{place['street']} {numbers}"


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
