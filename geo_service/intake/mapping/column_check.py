"""Check that a mapping fits a file before the first row, so that a wrong column name gives one error and not one per row."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Dict
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats.raw_record import QUOTES, InvalidRow, RawRecord, Row, UnreadableValue, tidy
from geo_service.intake.mapping.column_words import column_fit, simple
from geo_service.intake.mapping.definition import REQUIRED, Mapping
from geo_service.intake.mapping.record_fields import RecordFields, at, select_properties
from geo_service.intake.records import Rejection, Remarks

LOOKED_AT = 1000
"""The number of records to check: a table names all columns in each, other files may omit some in the first."""
ALIKE = 0.6
VOCABULARIES = {"status": "statuses", "type": "types"}
OWN_WORDS_SHARE = 0.5
"""The share of known words of a field from which an unknown word counts as new and not as another vocabulary."""
DATED: dict[str, tuple[str, ...]] = {"works": ("starts_on", "ends_on")}
WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "works": (("status", "status_default"), ("type", "type_default")),
    "pavements": (("kind", "kind_default"),),
}
"""Fields that may be absent when the mapping has a default for them."""


def check_columns(rows: Iterator[Row], mapping: Mapping, file: str, remarks: Remarks) -> Iterator[Row]:
    """Yield the same rows, and note absent columns that are not required in `remarks`.

    Raises InvalidInput about `mapping`, before the first row, when a required column is absent.
    """
    first = list(islice(rows, LOOKED_AT))
    records = [values for one in first if (values := properties(one, mapping)) is not None]
    if records and (spelt := _spelt_otherwise(mapping, _names(records))):
        rows = (_respelt(one, mapping, spelt) for one in chain(first, rows))
        yield from check_columns(rows, mapping, file, remarks)
        return
    if records:
        missing = {
            one: need
            for one, need in _required_columns(mapping)
            if not any(_has(record, one) for record in records)
        }
        needed = [name for names, need in missing.items() if need for name in names[:1]]
        if needed:
            raise _missing_columns(mapping, file, needed, _names(records))
        remarks.missing_columns += [names[0] for names in missing]
        mapped_names = {name.partition(".")[0] for name in mapping.read_properties} | set(
            mapping.read_properties
        )
        remarks.unused_columns += [name for name in _names(records) if name not in mapped_names]
        field_sets = (
            [RecordFields(mapping, select_properties(mapping, one)) for one in records]
            if mapping.status or mapping.type
            else []
        )
        remarks.explained |= {field for field in VOCABULARIES if _explains(mapping, field, field_sets)}
    for row in chain(first, rows):
        if isinstance(row, InvalidRow) and row.record != {} and _id_of(row, mapping) is None:
            remarks.without_id += 1
        yield row


def _explains(mapping: Mapping, field: str, field_sets: Sequence[RecordFields]) -> bool:
    """Whether the mapping knows most of the words of these records for a field."""
    words = getattr(mapping, VOCABULARIES[field])
    words_in_file = [word for one in field_sets if (word := one.text(field))]
    return bool(words_in_file) and OWN_WORDS_SHARE * len(words_in_file) <= sum(
        words.get(word) is not None for word in words_in_file
    )


def _spelt_otherwise(mapping: Mapping, columns: Sequence[str]) -> dict[str, str]:
    """Columns that the mapping spells with other quotes, accents or spaces: the spelling of the file → that
    of the mapping.
    """
    mapped_names = {name for path in mapping.read_properties for name in (path, *path.split("."))} - set(
        columns
    )
    return {name: match for name in columns if (match := same_name(name, mapped_names)) is not None}


def same_name(name: str, others: Iterable[str]) -> str | None:
    """The one of `others` that equals this name up to quotes, accents and spaces; None unless it is the only
    one.
    """
    plain = folded_name(name)
    same = [one for one in others if folded_name(one) == plain]
    return same[0] if len(same) == 1 else None


def folded_name(name: str) -> str:
    """A column name in the form for comparison: one kind of quotes and dashes, one form of accents, single
    spaces.
    """
    return " ".join(tidy(name).translate(QUOTES).split())


def _respelt(row: Row, mapping: Mapping, spelt: Dict[str, str]) -> Row:
    """The row with its columns in the spelling of the mapping."""
    values = properties(row, mapping)
    if values is None:
        return row
    renamed = {spelt.get(name, name): value for name, value in values.items()}
    if not mapping.properties or mapping.properties not in row.record:
        return replace(row, record=renamed) if not mapping.properties else row
    return replace(row, record={**row.record, mapping.properties: renamed})


def properties(row: Row, mapping: Mapping) -> Dict[str, Any] | None:
    """The properties of a row by the names of its file; None when it is no record."""
    if not isinstance(row.record, dict):
        return None
    values = at(row.record, mapping.properties) if mapping.properties else row.record
    return values if isinstance(values, dict) else None


def read_row(row: int, raw: Row, mapping: Mapping) -> tuple[RawRecord, dict[str, Any]] | Rejection:
    """A row with the properties that the mapping keeps, or its rejection."""
    if isinstance(raw, InvalidRow):
        return Rejection(row, _id_of(raw, mapping), raw.reason, raw.field, raw.params, raw.line)
    record = properties(raw, mapping)
    if record is None and isinstance(raw.record, dict) and "attributes" in raw.record:
        return Rejection(row, None, "esri_json", None, line=raw.line)
    if record is None:
        return Rejection(row, None, "not_a_record", None, line=raw.line)
    fields = select_properties(mapping, record)
    if UnreadableValue in map(type, fields.values()):
        return _unreadable(row, raw, mapping, fields)
    return raw, fields


def _id_of(row: InvalidRow, mapping: Mapping) -> str | None:
    """The id of an unreadable row, if that much of it can be read."""
    values = properties(row, mapping)
    return RecordFields(mapping, select_properties(mapping, values)).text("id") if values else None


def _unreadable(row: int, raw: RawRecord, mapping: Mapping, fields: Dict[str, Any]) -> Rejection:
    wrong = next(
        value.as_row(name, raw.line) for name, value in fields.items() if isinstance(value, UnreadableValue)
    )
    key = RecordFields(mapping, fields).text("id")
    return Rejection(row, key, wrong.reason, wrong.field, wrong.params, wrong.line)


def _required_columns(mapping: Mapping) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The alternative columns of each field, the likeliest first, and whether a row needs one of them."""
    required = {*REQUIRED.get(mapping.target, ("id",)), *DATED.get(mapping.target, ())}
    required |= {name for name, default in WORDS.get(mapping.target, ()) if getattr(mapping, default) is None}
    for name, rule in mapping.fields.items():
        if not rule.from_[0].startswith("@"):
            yield rule.from_, name in required and name not in mapping.constants
    for column in mapping.place.columns() if mapping.place else ():
        yield (column,), mapping.place is not None and mapping.place.ways == 1 and not mapping.place.geometry
    for skipped in mapping.skip:
        yield (skipped.field,), bool(skipped.is_not) and "" not in skipped.is_not


def _has(record: Dict[str, Any], names: Sequence[str]) -> bool:
    return any(_holds(record, name) for name in names)


def _holds(record: Dict[str, Any], path: str) -> bool:
    """Whether a property is present, also inside nested objects; an object that is empty here counts as
    holding any.
    """
    if path in record:
        return True
    outer, dot, inner = path.partition(".")
    if not dot or outer not in record:
        return False
    nested = record[outer]
    return _holds(nested, inner) if isinstance(nested, dict) else True


def _names(records: Iterable[Dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(str(name) for record in records for name in record))


def _missing_columns(
    mapping: Mapping, file: str, needed: Sequence[str], file_columns: Sequence[str]
) -> InvalidInput:
    guesses = [f"{name} → {guess}" for name in needed if (guess := _likely(mapping, name, file_columns))]
    return InvalidInput.one(
        "mapping",
        "columns_lacking.guesses" if guesses else "columns_lacking",
        guesses=guesses,
        file=file,
        columns=list(needed),
        known=list(file_columns),
    )


def _likely(mapping: Mapping, name: str, file_columns: Sequence[str]) -> str | None:
    """A column with a similar spelling, or with a usual name of the field."""
    spelt = {simple(one): one for one in file_columns}
    near = difflib.get_close_matches(simple(name), spelt, 1, ALIKE)
    if near:
        return spelt[near[0]]
    fields = [field for field, rule in mapping.fields.items() if name in rule.from_]
    ranked = [(fit.place, one) for one in file_columns for field in fields if (fit := column_fit(one, field))]
    return min(ranked)[1] if ranked else None
