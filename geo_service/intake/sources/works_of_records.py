"""What the sources of works share: works of several records, and the meaning of a word that is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geo_service.domain.works import Certainty, Works, WorksKind

UNKNOWN_STATUS: Certainty = "planned"
UNKNOWN_KIND: WorksKind = "groundworks"
"""The meaning of an unknown word among known ones: rejected works would give no warning."""
DESCRIBES: tuple[Certainty, ...] = ("in_progress", "confirmed", "planned", "indicative", "done", "cancelled")
"""Of several records of one works the first in this order describes them: a phase that is over says nothing of those to come."""


def merge(some: Sequence[Works]) -> Works:
    """Return the works of several records: a phase of each. A phase that is cancelled counts only where all are; one that is done is marked so while
    others are not: it answers for its ground, and takes no more room. Of equally certain records the first describes the works.
    """
    live = [one for one in some if one.certainty != "cancelled"] or some
    first = min(live, key=lambda one: DESCRIBES.index(one.certainty))
    go_on = first.certainty != "done"
    phases = (replace(phase, done=go_on and one.certainty == "done") for one in live for phase in one.phases)
    return replace(first, phases=tuple(phases))
