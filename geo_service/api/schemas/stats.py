"""The numbers behind the helicopter view, as answers."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from geo_service.api.schemas.cases import CaseTotals
from geo_service.api.schemas.claim_files import ClaimSum
from geo_service.domain.works import Certainty


class AtStake(CaseTotals):
    """The cases to be decided that are no opportunities, and those of them that were opened in the last seven days."""

    week: CaseTotals
    week_from: date


class Held(BaseModel):
    """Repairs that wait for works."""

    repairs: int
    oldest_on: date | None = Field(description="when the oldest was reported")


class Waiting(BaseModel):
    """Requests that a utility has not answered."""

    requests: int
    late: int = Field(description="of those: over their term")


class ToRecover(BaseModel):
    """Claims on guarantees."""

    claims: int = Field(description="sent or accepted, and not paid")
    amount_eur: float = Field(description="what they add up to")
    sent: int = Field(description="of those: without an answer")
    unclaimed: int = Field(
        description="repairs, finished ones too, that nobody claimed yet from the utility whose guarantee applies"
    )
    sums: list[ClaimSum]


class Age(BaseModel):
    """Cases that have been open for so many days; `opened_from` and `opened_until` are the filters of the list behind it."""

    least_days: int
    most_days: int | None
    opened_from: date | None
    opened_until: date
    cases: int


class Overview(BaseModel):
    """The tiles of the helicopter view. Each number is the total of a list."""

    on: date
    at_stake: AtStake
    chances: CaseTotals
    avoided_eur: float = Field(description="in the year of `on`")
    avoided: int = Field(description="repairs and combinations")
    waiting: Waiting
    held: Held
    to_recover: ToRecover
    ageing: list[Age]


class LaneWorks(BaseModel):
    """Works in one street, or of one owner, on the days that their source states."""

    id: UUID
    source: str
    source_id: str
    title: str
    owner: str
    owner_group: str
    owner_group_name: str
    certainty: Certainty | None
    opens_surface: bool
    starts_on: date | None
    ends_on: date | None


class LaneRepair(BaseModel):
    """A repair on the first day of its window; today while that has passed."""

    number: str
    on: date
    held: bool


class LaneCase(BaseModel):
    """A case to be decided, on its last day."""

    id: UUID
    last_day: date
    opportunity: bool
    eur: float
    rules: list[str]


class Lane(BaseModel):
    """What happens in one street, or by one owner."""

    name: str | None = Field(description="null: along no street")
    owner_group: str | None = Field(description="whose lane it is; null: of a street")
    at_risk_eur: float
    saving_eur: float
    protected_until: date | None
    works: list[LaneWorks]
    repairs: list[LaneRepair]
    cases: list[LaneCase]


class OpenStreets(BaseModel):
    """The streets whose surface is open in the week that begins on `week_on`."""

    week_on: date
    streets: list[str]


class Board(BaseModel):
    """Whole weeks, by street or by owner, the most at stake first."""

    from_on: date
    until_on: date = Field(description="the first day after them")
    group: Literal["street", "owner"]
    lanes: list[Lane]
    open_streets: list[OpenStreets]
    open_streets_most: int = Field(
        description="as many streets may be open in one week: a parameter of the city"
    )


class OwnerRecord(BaseModel):
    """How a utility keeps its days and answers."""

    owner: str
    owner_group: str
    works: int = Field(description="that run or are to come")
    silent: int = Field(
        description="of those: their start passed without any sign, as in `/stats/silent-works`"
    )
    cases: int = Field(description="to be decided")
    conflicts: int = Field(description="to be decided, in these cases")
    slip_days: int | None = Field(
        description="by so much may its planned beginnings be late; null: nothing known"
    )
    slip_origin: Literal["default", "learnt", "fixed"] | None
    requests: int
    waiting: int
    late: int
    answered: int
    answer_days: float | None = Field(description="half of its answers came within so many days")


class OwnerRecords(BaseModel):
    """All utilities, those with most to be decided first."""

    items: list[OwnerRecord]


class AvoidedItem(BaseModel):
    """One conflict that coordination spared the city."""

    conflict_id: UUID
    number: str
    on: date
    way: Literal["hold", "taken_along", "one_trench"]
    avoided_cost_eur: float


class AvoidedItems(BaseModel):
    """What a year adds up to, conflict by conflict."""

    items: list[AvoidedItem]
    avoided_cost_eur: float
