"""Works as clients send them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from geo_service.api.schemas.common import Body, Days, GeoJson, Name, Words
from geo_service.domain.works import Certainty, WorksKind

# Words for surfaces that other systems use, to ours; others are kept as sent, and compared with nothing.
SURFACES = {
    "voetpad": "footpath", "trottoir": "footpath", "sidewalk": "footpath", "stoep": "footpath", "pavement": "footpath",
    "fietspad": "cycle_path", "cyclepath": "cycle_path", "rijbaan": "carriageway", "road": "carriageway", "rijweg": "carriageway",
}  # fmt: skip


class PhaseIn(Days):
    """One piece of ground for one period. Without `opens_surface`: groundworks open, other kinds do not."""

    geometry: GeoJson
    opens_surface: bool | None = None
    surfaces: list[Name] = Field(default_factory=list, max_length=20)

    def known_surfaces(self) -> tuple[str, ...]:
        """Our words for them."""
        return tuple(dict.fromkeys(SURFACES.get(word.lower(), word.lower()) for word in self.surfaces))


class WorksIn(Body):
    """New works. `owner` is the organisation's name, or its id."""

    source: Name = "api"
    source_id: Name | None = None
    owner: Name
    title: Name
    description: Words | None = None
    reference: Name | None = None
    kind: WorksKind
    category: Name | None = None
    utilities: list[Name] = Field(default_factory=list, max_length=50)
    certainty: Certainty = "planned"
    phases: Annotated[list[PhaseIn], Field(min_length=1, max_length=500)]


class WorksPatch(Body):
    """Changes to works: only what is sent changes; `phases` replaces them all."""

    owner: Name | None = None
    title: Name | None = None
    description: Words | None = None
    reference: Name | None = None
    kind: WorksKind | None = None
    category: Name | None = None
    utilities: Annotated[list[Name], Field(max_length=50)] | None = None
    certainty: Certainty | None = None
    phases: Annotated[list[PhaseIn], Field(min_length=1, max_length=500)] | None = None

    @model_validator(mode="after")
    def _no_nulls(self) -> WorksPatch:
        for name in ("owner", "title", "kind", "certainty", "phases", "utilities"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null")
        return self
