"""A publisher that gives new ids to the records it had: which record under a new id is which one that vanished."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

Target = Literal["works", "repairs"]
RenumberingStatus = Literal["suggested", "confirmed", "refused", "withdrawn"]

TARGETS: tuple[str, ...] = get_args(Target)
RENUMBERING_STATUSES: tuple[str, ...] = get_args(RenumberingStatus)


@dataclass(frozen=True, slots=True)
class Pair:
    """A record that vanished and one under a new id that may be the same: how alike their ground is, and how far their days moved.

    `likeness`: what both share of the ground of both together, 0 to 1. `starts_moved`, `ends_moved`: days later (below 0: earlier); None
    where neither has days. `same`: detection would find the same of both.
    """

    target: Target
    old_id: UUID
    new_id: UUID
    old_source_id: str
    new_source_id: str
    likeness: float
    starts_moved: int | None
    ends_moved: int | None
    same: bool

    @property
    def silent_id(self) -> UUID | None:
        """The one of the two that claims no ground until a person has decided, so that no conflict is told twice.

        Where both say the same, the new one: the old one has the conflicts and what was agreed on them. A repair that moved speaks as
        it is now. Works that moved speak both: what vanished holds repairs until a person releases it.
        """
        if self.same:
            return self.new_id
        return self.old_id if self.target == "repairs" else None


def paired(candidates: Iterable[Pair]) -> list[Pair]:
    """Each record in one pair at most: those most alike come first, and of equals the one whose days moved least."""
    taken: set[UUID] = set()
    pairs = []
    for one in sorted(candidates, key=_nearest_first):
        if taken.isdisjoint((one.old_id, one.new_id)):
            taken |= {one.old_id, one.new_id}
            pairs.append(one)
    return pairs


def _nearest_first(pair: Pair) -> tuple[float, int, UUID, UUID]:
    moved = abs(pair.starts_moved or 0) + abs(pair.ends_moved or 0)
    return -round(pair.likeness, 2), moved, pair.old_id, pair.new_id
