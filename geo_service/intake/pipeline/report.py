"""The report of an import, the same for every source and for a dry run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from geo_service.domain.errors import InvalidInput
from geo_service.domain.renumbering import Pair
from geo_service.intake.pipeline.rejections import Rejections
from geo_service.intake.records import Rejection
from geo_service.intake.remarks import Remarks
from geo_service.store.works_batch import Outcome

SELDOM = ("withheld", "rejected_by_code", "renumbered", "renumberings")
GOES_ON = ("created", "changed", "vanished", "renumbered", "conflicts_opened")
MOST_NAMED = 100
"""The most renumbered records that a report lists; `store.renumberings` holds all."""


@dataclass(slots=True)
class Report:
    """Counts of one import: created + changed + unchanged + rejected = read.

    Each is a count of records. Of works with several records (GIPOD: one per occurrence) each record has its own outcome:
    `created` with its works, otherwise `changed` if it is new or differs and its works really changed by it.
    `vanished` counts works and repairs that the source showed before and does not show now.
    """

    source: str
    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    vanished: int = 0
    rejections: Rejections = field(default_factory=Rejections)
    conflicts_opened: int = 0
    seconds: float = 0
    withheld: int = 0
    """Open works and repairs, or shapes of a map, that are absent from the source but too many to be
    believed: they stay.
    """

    renumbered: int = 0
    """New records that may be absent ones under another id; a person confirms it."""
    renumberings: list[dict[str, Any]] = field(default_factory=list)
    """The first of them: `old` and `new` id, `likeness` (0 to 1), days moved."""

    remarks: Remarks = field(default_factory=Remarks)
    """Remarks about the source, beside the counts."""

    failure: InvalidInput | None = None
    """Why the import failed without an exception: it had no usable record. A dry run sets no failure."""

    @property
    def missing_columns(self) -> list[str]:
        """Columns of the mapping that are absent from the file and not required."""
        return self.remarks.missing_columns

    def count(self, outcome: Outcome, records: int = 1) -> None:
        """Add `records` to the count of this outcome."""
        setattr(self, outcome, getattr(self, outcome) + records)

    def reject(self, rejection: Rejection) -> None:
        """Add a rejected record."""
        self.rejected += 1
        self.rejections.append(rejection)

    def renumber(self, pairs: Sequence[Pair]) -> None:
        """Add suggested pairs of an old and a new id."""
        self.renumbered += len(pairs)
        for pair in pairs[: MOST_NAMED - len(self.renumberings)]:
            entry = {
                "old": pair.old_source_id,
                "new": pair.new_source_id,
                "likeness": round(pair.likeness, 3),
            }
            moved = {"starts_moved": pair.starts_moved, "ends_moved": pair.ends_moved}
            self.renumberings.append(entry | moved)

    def as_json(self) -> dict[str, Any]:
        """The last output of `geo-service import … --json`, in English."""
        left_out = [asdict(one) for one in self.rejections]
        for one in left_out:
            del one["params"], one["line"]
        return {**self.counts(), "rejections": left_out}

    def counts(self) -> dict[str, Any]:
        """The counts without the list of rejections. Counts per reason, `withheld` and remarks appear only
        when there are any.
        """
        names = [one.name for one in fields(self) if one.name not in ("rejections", "remarks", "failure")]
        values = {name: getattr(self, name) for name in names} | {"seconds": round(self.seconds, 3)}
        values["rejected_by_code"] = self.rejections.by_code()
        return {
            name: values[name] for name in values if values[name] or name not in SELDOM
        } | self.remarks.as_json()

    def progress(self) -> dict[str, int]:
        """The committed counts, from which the import resumes after its process was killed."""
        return {name: getattr(self, name) for name in GOES_ON}

    @staticmethod
    def committed(progress: Mapping[str, Any]) -> dict[str, int]:
        """The part of a stored progress that `go_on` takes."""
        return {name: progress.get(name, 0) for name in GOES_ON}

    def go_on(self, before: Mapping[str, int]) -> None:
        """Add the counts that an earlier attempt committed, whose records this attempt found unchanged.

        When the source has changed meanwhile, the sums would not add up, and the counts of this attempt stay.
        """
        stored = before.get("created", 0) + before.get("changed", 0)
        if stored > self.unchanged:
            return
        self.unchanged -= stored
        for name in GOES_ON:
            setattr(self, name, getattr(self, name) + before.get(name, 0))
