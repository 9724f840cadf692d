"""What both sides of a conflict agree on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from geo_service.domain.errors import InvalidInput

AgreementKind = Literal["hold_until", "patch_only", "combine", "full_width", "works_move"]
AGREEMENT_KINDS: tuple[str, ...] = get_args(AgreementKind)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both sides agreed on. `until` is the first day on which it no longer holds; None: as long as the facts stay as they are.

    A `hold_until` ends by being kept: from that day on the repair is free.
    """

    kind: AgreementKind
    until: date | None = None
    note: str | None = None

    def check(self, today: date) -> None:
        """Raises InvalidInput: a hold without an end, or an end that has passed."""
        if self.kind == "hold_until" and self.until is None:
            raise InvalidInput.one("until", "missing.until")
        if self.until is not None and self.until <= today:
            raise InvalidInput.one("until", "in_the_past.until", today=today)


def from_row(stored: Mapping[str, Any] | None) -> Agreement | None:
    """Return the agreement as it is stored with a conflict."""
    if stored is None:
        return None
    until = stored.get("until")
    return Agreement(stored["kind"], until and date.fromisoformat(until), stored.get("note"))
