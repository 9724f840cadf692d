"""The filters of each list, which its files have too: by the names of `store/collections.py`, None where one is not given."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query

from geo_service.api.context import ContextDep
from geo_service.domain import addresses
from geo_service.domain.buildings import PavementKind
from geo_service.domain.conflicts import Severity, Status
from geo_service.domain.repairs import RepairCategory, RepairStatus, Scope, Urgency
from geo_service.domain.rules import Department
from geo_service.domain.works import Certainty, WorksKind

Values = dict[str, Any]
Name = Annotated[str | None, Query(max_length=300)]
Owner = Annotated[str | None, Query(max_length=300, description="name or id of an owner or of its group")]
Street = Annotated[str | None, Query(max_length=200, description="its name, whatever the capitals")]
OfConflict = Annotated[Status | None, Query(description="with a conflict in this status")]


async def of_works(
    owner: Owner = None,
    status: Annotated[Certainty | None, Query(description="certainty")] = None,
    kind: WorksKind | None = None,
    source: Name = None,
    building: Annotated[UUID | None, Query(description="works about this building")] = None,
    q: Annotated[
        str | None, Query(max_length=200, description="part of a text, of the number or of the owner")
    ] = None,
    street: Street = None,
    conflict: OfConflict = None,
) -> Values:
    """Filters of works."""
    return {
        "owner": owner, "status": status, "kind": kind, "source": source, "building": building, "q": q, "street": street, "conflict": conflict,
    }  # fmt: skip


async def of_repairs(
    owner: Owner = None,
    status: RepairStatus | None = None,
    category: RepairCategory | None = None,
    scope: Scope | None = None,
    urgency: Urgency | None = None,
    q: Annotated[str | None, Query(max_length=200, description="part of the description, or H-1121")] = None,
    duplicate: Annotated[
        Literal["suggested", "confirmed"] | None,
        Query(description="only those that are, or may be, doubles of others"),
    ] = None,
    held: Annotated[bool | None, Query(description="whether it waits for works")] = None,
    street: Street = None,
    conflict: OfConflict = None,
) -> Values:
    """Filters of repairs."""
    return {
        "owner": owner, "status": status, "category": category, "scope": scope, "urgency": urgency, "q": q, "duplicate": duplicate, "held": held,
        "street": street, "conflict": conflict,
    }  # fmt: skip


async def of_conflicts(
    repair: UUID | None = None,
    works: UUID | None = None,
    building: UUID | None = None,
    rule: Annotated[str | None, Query(max_length=60)] = None,
    severity: Severity | None = None,
    status: Status | None = None,
    opportunity: bool | None = None,
    owner: Annotated[str | None, Query(max_length=300, description="on either side")] = None,
    department: Annotated[Department | None, Query(description="that follows it up or hears of it")] = None,
    q: Annotated[str | None, Query(pattern=r"^[Cc]-?\d{1,15}$", description="its number: C-83")] = None,
    street: Annotated[str | None, Query(max_length=200, description="that a side names")] = None,
) -> Values:
    """Filters of conflicts."""
    return {
        "repair": repair, "works": works, "building": building, "rule": rule, "severity": severity, "status": status, "opportunity": opportunity,
        "owner": owner, "department": department, "q": q, "street": street,
    }  # fmt: skip


async def of_protections(
    owner: Owner = None,
    kind: Literal["repair", "works"] | None = None,
    counts: Annotated[bool | None, Query(description="a re-lay by the city's measure")] = None,
    street: Street = None,
) -> Values:
    """Filters of the protection register."""
    return {"owner": owner, "kind": kind, "counts": counts, "street": street}


async def of_buildings(
    ctx: ContextDep,
    q: Annotated[str | None, Query(max_length=200, description="address or name")] = None,
    function: Annotated[str | None, Query(max_length=60)] = None,
    street: Street = None,
) -> Values:
    """Filters of buildings; the name of the city is no part of an address."""
    return {
        "q": q and addresses.without_town(q, ctx.settings.city_name),
        "function": function,
        "street": street,
    }


async def of_pavements(
    code: Annotated[str | None, Query(max_length=60)] = None,
    street: Street = None,
    kind: PavementKind | None = None,
) -> Values:
    """Filters of pavement sections."""
    return {"code": code, "street": street, "kind": kind}


WorksFilter = Annotated[Values, Depends(of_works)]
RepairsFilter = Annotated[Values, Depends(of_repairs)]
ConflictsFilter = Annotated[Values, Depends(of_conflicts)]
ProtectionsFilter = Annotated[Values, Depends(of_protections)]
BuildingsFilter = Annotated[Values, Depends(of_buildings)]
PavementsFilter = Annotated[Values, Depends(of_pavements)]
