"""Remarks about a source as a whole, beside its rejected rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from geo_service.i18n import Translator

WordField = Literal["status", "type", "urgency", "category", "laid_on", "request_status", "working_days"]
"""The fields with words; each has its sentence `import.unknown_…` about the unknown ones."""
MOST_WORDS = 100
"""The most words of one field that are listed; a column of free text has one per row."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """A source says that it is incomplete: the member or header `says`, and `shown` of `total` records where
    it counts them.
    """

    says: str
    shown: int | None = None
    total: int | None = None


@dataclass(slots=True)
class Remarks:
    """Remarks about a source. `counts` go to the log, all else to the report."""

    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    missing_columns: list[str] = dataclasses.field(default_factory=list)
    """Columns of the mapping that are absent from the file and not required."""
    unused_columns: list[str] = dataclasses.field(default_factory=list)
    """Columns of the file that the mapping does not name."""
    left_behind: dict[str, int | None] = dataclasses.field(default_factory=dict)
    """Layers and sheets that were not read, with their number of records where it is known."""
    unknown_words: dict[str, dict[str, int]] = dataclasses.field(default_factory=dict)
    """Per field the words that are absent from the mapping, with the number of rows that got the default."""
    cut_off: CutOff | None = None
    zones_left_out: dict[str, int] = dataclasses.field(default_factory=dict)
    """Per works the number of zones that cannot be used, beside others that can."""
    older: int = 0
    """Records that are older than a version that was read before."""
    without_id: int = 0
    """Rows that could not be read as far as their id, so nobody knows which record is present."""
    hidden_rows: list[int] = dataclasses.field(default_factory=list)
    """Rows of a sheet that a filter or a person hides; they are read."""
    struck_rows: list[int] = dataclasses.field(default_factory=list)
    """Rows of a sheet whose text is struck through; they are read."""
    encoding: str | None = None
    """The encoding that the mapping or the file names, of a text that is UTF-8 all the same."""
    explained: set[str] = dataclasses.field(default_factory=set)
    """Fields whose words in this file the mapping mostly knows: an unknown word there is a new word and not
    another vocabulary.
    """

    @property
    def is_partial(self) -> bool:
        """Whether a record may be present that was not read: what is absent has then not vanished."""
        return self.cut_off is not None or self.without_id > 0

    def add(self, what: str) -> None:
        """Add one to the count of `what`."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def unknown(self, field: WordField, word: str) -> None:
        """Count one more row with an unknown word."""
        words = self.unknown_words.setdefault(field, {})
        name = word if word in words or len(words) < MOST_WORDS else "…"
        words[name] = words.get(name, 0) + 1

    def cut(self, says: str, shown: int | None = None, total: int | None = None) -> None:
        """Note that the source is incomplete; the first sign counts."""
        self.cut_off = self.cut_off or CutOff(says, shown, total)

    @classmethod
    def combine(cls, some: Iterable[Remarks]) -> Remarks:
        """The remarks of a delivery of several maps: only what keeps absent shapes."""
        remarks = cls()
        for one in some:
            remarks.without_id += one.without_id
            remarks.cut_off = remarks.cut_off or one.cut_off
        return remarks

    def as_json(self) -> dict[str, Any]:
        """The remarks for the report, without the empty ones."""
        names = (
            "missing_columns",
            "unused_columns",
            "left_behind",
            "unknown_words",
            "zones_left_out",
            "older",
            "without_id",
            "encoding",
        )
        summary = {name: getattr(self, name) for name in names if getattr(self, name)}
        for name in ("hidden_rows", "struck_rows"):
            if rows := getattr(self, name):
                summary[name] = {"count": len(rows), "first": rows[:MOST_WORDS]}
        return {**summary, "cut_off": dataclasses.asdict(self.cut_off)} if self.cut_off else summary


def sentences(summary: Mapping[str, Any], translator: Translator) -> list[str]:
    """The remarks of a report as sentences."""
    lines = []
    if (cut := summary.get("cut_off")) and cut["total"] is not None:
        lines.append(translator.text("import.cut_off_counted", **cut))
    elif cut:
        lines.append(translator.text("import.cut_off", says=cut["says"]))
    for name in ("older", "without_id"):
        if rows := summary.get(name):
            lines.append(translator.text(f"import.{name}", rows=rows))
    lines += _row_sentences(summary, translator)
    if encoding := summary.get("encoding"):
        lines.append(translator.text("import.encoding", encoding=encoding))
    lines += _counted_sentences(summary, translator)
    for name in ("missing_columns", "unused_columns"):
        if columns := summary.get(name):
            lines.append(translator.text(f"import.{name}", columns=", ".join(columns)))
    if layers := summary.get("left_behind"):
        names = ", ".join(name if rows is None else f"{name} ({rows})" for name, rows in layers.items())
        lines.append(translator.text("import.left_behind", layers=names))
    return lines


def _counted_sentences(summary: Mapping[str, Any], translator: Translator) -> list[str]:
    """The sentences about words that are unknown and zones that cannot be used."""
    lines = []
    for field, words in summary.get("unknown_words", {}).items():
        names = ", ".join(f"{word} ({rows})" for word, rows in words.items())
        lines.append(translator.text(f"import.unknown_{field}", words=names, rows=sum(words.values())))
    if zones := summary.get("zones_left_out"):
        names = ", ".join(f"{id_} ({count})" for id_, count in islice(zones.items(), MOST_WORDS))
        lines.append(translator.text("import.zones_left_out", names=names, zones=sum(zones.values())))
    return lines


def _row_sentences(summary: Mapping[str, Any], translator: Translator) -> list[str]:
    """The sentences about rows that look otherwise."""
    lines = []
    for name in ("hidden_rows", "struck_rows"):
        if some := summary.get(name):
            more = " …" if some["count"] > len(some["first"]) else ""
            numbers = ", ".join(map(str, some["first"])) + more
            lines.append(translator.text(f"import.{name}", count=some["count"], rows=numbers))
    return lines
