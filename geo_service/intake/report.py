"""What an import did, record by record: the same for every source, and for a dry run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from geo_service.intake.records import Rejection
from geo_service.store.works import Outcome


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
    rejections: list[Rejection] = field(default_factory=list)
    conflicts_opened: int = 0
    seconds: float = 0

    def count(self, outcome: Outcome, records: int = 1) -> None:
        """So many records had this outcome."""
        setattr(self, outcome, getattr(self, outcome) + records)

    def reject(self, rejection: Rejection) -> None:
        """One record is left out."""
        self.rejected += 1
        self.rejections.append(rejection)

    def as_json(self) -> dict[str, Any]:
        """As `geo-service import … --json` ends with."""
        return {
            **asdict(self),
            "seconds": round(self.seconds, 3),
        }
