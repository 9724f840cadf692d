"""Which cases a list of `/cases`, or a number of `/stats`, is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Query

from geo_service.api.deps import Today, confined_to
from geo_service.api.identity import SignedIn
from geo_service.api.schemas.common import Day
from geo_service.domain.conflicts import Status
from geo_service.domain.permissions import can
from geo_service.domain.rules import Department
from geo_service.store import keys
from geo_service.store.cases import CaseFilter, Desk

FollowedUpBy = Annotated[
    Department | None,
    Query(
        description="only those that it was asked to follow up; `/conflicts` has those too that it only hears of"
    ),
]
Mine = Annotated[
    bool,
    Query(
        description="only those that the reader or its department follows up, or nobody does and the reader may decide"
    ),
]
WithinDays = Annotated[
    int | None, Query(ge=0, le=3660, description="to be decided at most so many days from now")
]


async def read_filter(
    who: SignedIn,
    day: Today,
    status: Annotated[
        Status | None, Query(description="of its conflicts; those in another are left out")
    ] = None,
    department: FollowedUpBy = None,
    person: Annotated[str | None, Query(max_length=200, description="only those that it follows up")] = None,
    undecided: Annotated[bool, Query(description="only those with something left to decide")] = False,
    escalated: Annotated[
        bool, Query(description="only those that the coordinator is asked to decide")
    ] = False,
    waits: Annotated[
        bool, Query(description="only those about which a utility was asked and has not answered")
    ] = False,
    mine: Mine = False,
    opportunity: bool | None = None,
    rule: Annotated[str | None, Query(max_length=60)] = None,
    owner: Annotated[str | None, Query(max_length=300)] = None,
    street: Annotated[str | None, Query(max_length=200)] = None,
    within_days: WithinDays = None,
    opened_from: Annotated[
        Day | None, Query(description="the first of its conflicts was opened on this day or later")
    ] = None,
    opened_until: Annotated[Day | None, Query(description="… or before")] = None,
) -> CaseFilter:
    """Return what the parameters ask for, confined to what the reader may see."""
    return CaseFilter(
        status=status,
        department=department,
        person=person,
        party=confined_to(who),
        undecided=undecided,
        escalated=escalated,
        waits=waits,
        opportunity=opportunity,
        rule=rule,
        owner=owner,
        street=street and street.strip(),
        last_day=None if within_days is None else day + timedelta(days=within_days),
        opened_from=opened_from,
        opened_until=opened_until,
        desk=desk_of(who) if mine and confined_to(who) is None else None,
    )


def desk_of(who: keys.Principal) -> Desk:
    """Return whose work is that of `who`."""
    return Desk(who.department, who.name, can(who, "agree"), can(who, "override"))


CaseFilterDep = Annotated[CaseFilter, Depends(read_filter)]
