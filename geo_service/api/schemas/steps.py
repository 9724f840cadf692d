"""What comes with a step that somebody takes with a conflict or a case."""

from __future__ import annotations

from pydantic import Field, model_validator

from geo_service import i18n
from geo_service.api.schemas.common import Body, Day, Note, Text
from geo_service.coordination.steps import StepInput
from geo_service.domain.agreements import Agreement, AgreementKind
from geo_service.domain.lifecycle import check_reason
from geo_service.domain.rules import Department


class NoteIn(Body):
    """Words beside a step, if any."""

    note: Note | None = Field(None, max_length=2_000)

    def step_input(self) -> StepInput:
        """Return it as the engine takes it."""
        return StepInput(words={"note": self.note} if self.note else {})


class AgreeIn(Body):
    """What both sides agreed on, and until when: the first day on which it no longer holds."""

    kind: AgreementKind
    until: Day | None = None
    note: Note | None = Field(None, max_length=2_000)

    def step_input(self) -> StepInput:
        """Return it as the engine takes it."""
        return StepInput(agreement=Agreement(self.kind, self.until, self.note))


class RiskIn(Body):
    """Why the risk is taken."""

    reason: Note = Field(max_length=2_000)

    def step_input(self) -> StepInput:
        """Return it as the engine takes it. Raises InvalidInput when the reason is too short."""
        return StepInput(words={"reason": check_reason(self.reason)})


class CommentIn(Body):
    """A remark that others see."""

    text: Note = Field(min_length=1, max_length=4_000)

    def step_input(self) -> StepInput:
        """Return it as the engine takes it."""
        return StepInput(words={"text": self.text})


class AssignIn(Body):
    """Who follows this up, and until which day; null takes it away, what is left out stays."""

    department: Department | None = None
    person: Text | None = Field(None, max_length=200)
    due_on: Day | None = None

    @model_validator(mode="after")
    def _something(self) -> AssignIn:
        if not self.model_fields_set:
            raise i18n.finding("nothing_to_change")
        return self

    def step_input(self) -> StepInput:
        """Return it as the engine takes it."""
        return StepInput(assignment={name: getattr(self, name) for name in sorted(self.model_fields_set)})


StepIn = NoteIn | AgreeIn | RiskIn | CommentIn | AssignIn
