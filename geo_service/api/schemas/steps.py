"""What comes with a step that somebody takes with a conflict."""

from __future__ import annotations

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from geo_service.api.schemas.common import Body, Day, Text
from geo_service.domain.lifecycle import AgreementKind
from geo_service.domain.rules import Department

Note = Text


class NoteIn(Body):
    """Words beside a step, if any."""

    note: Note | None = Field(None, max_length=2_000)


class AgreeIn(NoteIn):
    """What both sides agreed on, and until when: the first day on which it no longer holds."""

    kind: AgreementKind
    until: Day | None = None


class RiskIn(Body):
    """Why the risk is taken."""

    reason: Text = Field(max_length=2_000)


class CommentIn(Body):
    """A remark that others see."""

    text: Text = Field(min_length=1, max_length=4_000)


class AssignIn(Body):
    """Who follows this up, and until which day; null takes it away, what is left out stays."""

    department: Department | None = None
    person: Text | None = Field(None, max_length=200)
    due_on: Day | None = None

    @model_validator(mode="after")
    def _something(self) -> AssignIn:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_to_change", "name a department, a person or a day")
        return self
