"""Works as clients send them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, field_validator

from geo_service.api.schemas.common import Body, Days, GeoJson, Name, OwnerName, Words, not_null
from geo_service.domain.works import MOST_WORKING_DAYS, Certainty, WorksKind

# Words for surfaces that other systems use, to ours; others are kept as sent, and compared with nothing.
SURFACES = {
    "voetpad": "footpath", "trottoir": "footpath", "sidewalk": "footpath", "stoep": "footpath", "pavement": "footpath",
    "fietspad": "cycle_path", "cyclepath": "cycle_path", "rijbaan": "carriageway", "road": "carriageway", "rijweg": "carriageway",
}  # fmt: skip


class PhaseIn(Days):
    """One piece of ground for one period. Without `opens_surface`: groundworks open, other kinds do not."""

    geometry: GeoJson
    opens_surface: StrictBool | None = None
    surfaces: list[Name] = Field(default_factory=list, max_length=20)

    def surface_codes(self) -> tuple[str, ...]:
        """Our words for them."""
        return tuple(dict.fromkeys(SURFACES.get(word.lower(), word.lower()) for word in self.surfaces))


WorkingDays = Annotated[int, Field(strict=True, ge=1, le=MOST_WORKING_DAYS)]


class Described(Body):
    """What can be said of works when they are new and later; each may be absent."""

    description: Words | None = None
    reference: Name | None = None
    category: Name | None = None
    building_id: UUID | None = Field(
        None, description="the building that they are about: a project of the city itself"
    )
    working_days: WorkingDays | None = Field(
        None, description="that each phase expects to take within its window"
    )
    remark: Words | None = None


class WorksIn(Described):
    """New works. `owner` is the organisation's name, or its id."""

    source: Name = "api"
    source_id: Name | None = None
    owner: OwnerName
    title: Name | None = Field(None, description="without one: the first line of the description")
    kind: WorksKind
    utilities: list[Name] = Field(default_factory=list, max_length=50)
    certainty: Certainty = "planned"
    phases: Annotated[list[PhaseIn], Field(min_length=1, max_length=500)]

    def title_or_summary(self) -> str:
        """The title, or what comes nearest to one."""
        lines = (self.description or "").strip().splitlines()
        return self.title or (lines[0][:300] if lines else f"{self.kind} – {self.owner}"[:300])


class WorksPatch(Described):
    """Changes to works: only what is sent changes; `phases` replaces them all."""

    owner: OwnerName | None = None
    title: Name | None = None
    kind: WorksKind | None = None
    utilities: Annotated[list[Name], Field(max_length=50)] | None = None
    certainty: Certainty | None = None
    phases: Annotated[list[PhaseIn], Field(min_length=1, max_length=500)] | None = None
    apart: StrictBool | None = Field(
        None, description="no part of another dig, whatever its ground and days say"
    )
    umbrella: StrictBool | None = Field(None, description="umbrella works or not; null: from length and size")

    _not_null = field_validator(
        "owner", "title", "kind", "certainty", "phases", "utilities", "apart", "building_id", mode="before"
    )(not_null)

    def person_decisions(self) -> dict[str, bool | None]:
        """What a person says of the works themselves, by the fields of the store."""
        sent = self.model_dump(include={"apart", "umbrella"}, exclude_unset=True)
        return {{"apart": "exclude_from_dig"}.get(name, name): value for name, value in sent.items()}
