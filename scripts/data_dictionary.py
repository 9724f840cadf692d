"""Writes docs/data-dictionary.md from the published collections and the words of the catalogues.

    .venv/bin/python -m scripts.data_dictionary

`tests/unit/test_data_dictionary.py` fails when the page is not what this writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo_service.domain import crs
from geo_service.i18n import Translator
from geo_service.ogc.documents import of_column
from geo_service.presentation import fields as words
from geo_service.store.collections import COLLECTIONS
from geo_service.store.features import FEATURES

TARGET = Path(__file__).parent.parent / "docs" / "data-dictionary.md"
HEAD = f"""\
# Data dictionary · Gegevenswoordenboek

What each published field is called and means, in Dutch and in English: in [files](how-to/export.md), under [OGC API](how-to/analyse.md) (where `…/schema` says the
same) and inside a GeoPackage. Written by `scripts/data_dictionary.py` from the schema and the catalogues of words: do not edit.

- Coordinates are stored in {crs.NAMES[crs.STORAGE]} (EPSG:{crs.STORAGE}, metres), without change. GeoJSON is in {crs.NAMES[crs.WGS84]} (CRS84); other formats and
  `crs` offer EPSG:{crs.WGS84}, {crs.STORAGE} and {crs.LAMBERT_2008}.
- A period is half-open: `ends_on` is the first day after it. Days have no zone, instants are UTC.
- *Comes from*: the column of the database; a list of columns or *computed* where it follows from others. `a_` and `b_` are the two sides of a conflict.
- *Where*: files, OGC API, or both.
- CSV and Excel have a place in each row too: `lon` and `lat`, of a point in the ground (degrees, WGS84).
"""
UNITS: Mapping[str, str] = {
    "_m2": "m²", "_m": "m", "_eur": "€", "_days": "days", "_share": "0–1", "_on": "day", "_at": "instant (UTC)",
}  # fmt: skip
"""Units by the end of a name."""
OF_FIELD: Mapping[str, str] = {
    "probability": "0–1",
    "until": "day",
    "rule_version": "count",
    "phases": "count",
}


def page() -> str:
    """The whole page."""
    parts = [HEAD, *map(_section, dict.fromkeys((*FEATURES, *COLLECTIONS)))]
    return "\n".join(parts)


def _section(name: str) -> str:
    """One collection as a table, its fields in the order of OGC API and then those of files only."""
    dutch, english = (Translator(language, date(2026, 1, 1)) for language in ("nl", "en"))
    in_files = dict(_columns(COLLECTIONS[name].select)) if name in COLLECTIONS else {}
    over_ogc = {"id": FEATURES[name].key, **FEATURES[name].fields} if name in FEATURES else {}
    key = f"ogc.collection.{name}"
    lines = [
        f"\n## {name} · {dutch.text(key)} · {english.text(key)}\n",
        "| Field | Type | Unit | Nederlands | English | Comes from | Where |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for field in dict.fromkeys((*over_ogc, *in_files)):
        column = over_ogc.get(field, in_files.get(field))
        where = " and ".join(
            place for place, fields in (("files", in_files), ("OGC", over_ogc)) if field in fields
        )
        cells = (
            f"`{field}`", _type(column), unit(field), _words(name, field, dutch), _words(name, field, english), origin(column), where,
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _columns(select: sa.Select[Any]) -> dict[str, Any]:
    return {column.name: column for column in select.selected_columns if column.name != "geom"}


def _words(collection: str, field: str, translator: Translator) -> str:
    title, meaning = (one(collection, field, translator) for one in (words.title, words.meaning))
    return f"**{title}**: {meaning}".replace("|", "\\|")


def _type(column: Any) -> str:
    schema = of_column(column)
    return str(schema.get("format", schema["type"]))


def unit(field: str) -> str:
    """The unit of a field; nothing for words, codes and ids."""
    if field in OF_FIELD:
        return OF_FIELD[field]
    return next((words for end, words in UNITS.items() if field.endswith(end)), "")


def origin(column: Any) -> str:
    """The columns of the database that a field is made of."""
    return ", ".join(sorted(_columns_behind(column))) or "computed"


def _columns_behind(column: Any) -> set[str]:
    """The columns of tables, also behind a part of the select that has a name of its own."""
    found: set[str] = set()
    parts: Iterable[Any] = sa.sql.visitors.iterate(column)
    for one in parts:
        table = getattr(one, "table", None)
        if isinstance(table, sa.Table):
            found.add(f"`{table.name}.{one.name}`")
        elif isinstance(table, sa.Subquery | sa.Lateral):
            found |= _columns_behind(_select_of(table).selected_columns[one.name])
    return found


def _select_of(part: Any) -> Any:
    while not isinstance(part, sa.Select):
        part = part.element
    return part


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
