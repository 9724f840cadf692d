"""The arguments and options of `geo-service export`: most narrow the rows, each of the collections that its help names."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

Collection = Annotated[
    str, typer.Argument(help="works, repairs, conflicts, protections, buildings or pavements")
]
Out = Annotated[str, typer.Option("--out", help="Where the file goes; - for standard output")]
Format = Annotated[
    str | None,
    typer.Option(help="geojson, parquet, csv, xlsx, gpkg or dxf; without it, the ending of the file"),
]
Bbox = Annotated[str | None, typer.Option(help="west,south,east,north in the CRS of --crs")]
ActiveOn = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="What is there on this day")]
From = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day")]
To = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="First day that is not asked for")
]
Owner = Annotated[str | None, typer.Option(help="Name or id of an owner or its group")]
Q = Annotated[
    str | None,
    typer.Option(
        help="Part of a text or the number of works, repairs and conflicts (H-1121, C-83); address or name of buildings"
    ),
]
Status = Annotated[str | None, typer.Option(help="Of works: their certainty")]
Kind = Annotated[str | None, typer.Option(help="Of works, protections and pavements")]
Source = Annotated[str | None, typer.Option(help="Of works: where they come from")]
Category = Annotated[str | None, typer.Option(help="Of repairs: the defect")]
Scope = Annotated[str | None, typer.Option(help="Of repairs: spot, section or area")]
Urgency = Annotated[str | None, typer.Option(help="Of repairs: low, normal, high or danger")]
Rule = Annotated[str | None, typer.Option(help="Of conflicts: which rule found them")]
Severity = Annotated[str | None, typer.Option(help="Of conflicts: info, low, medium, high or critical")]
Opportunity = Annotated[
    bool | None,
    typer.Option("--opportunity/--no-opportunity", help="Of conflicts: chances or clashes only"),
]
Conflict = Annotated[str | None, typer.Option(help="Of works and repairs: with a conflict in this status")]
Department = Annotated[
    str | None, typer.Option(help="Of conflicts: the department that follows them up or hears of them")
]
Works = Annotated[UUID | None, typer.Option(help="Of conflicts: id of works on either side")]
Repair = Annotated[UUID | None, typer.Option(help="Of conflicts: id of their repair")]
Building = Annotated[
    UUID | None, typer.Option(help="Of works and conflicts: id of the building that they are about")
]
Held = Annotated[
    bool | None, typer.Option("--held/--not-held", help="Of repairs: whether they wait for works")
]
Duplicate = Annotated[str | None, typer.Option(help="Of repairs: suggested or confirmed doubles of others")]
Function = Annotated[str | None, typer.Option(help="Of buildings: school, fire_station …")]
Street = Annotated[str | None, typer.Option(help="Name of a street, whatever its capitals")]
Code = Annotated[str | None, typer.Option(help="Of pavements: the number of a section")]
Counts = Annotated[
    bool | None,
    typer.Option("--counts/--no-counts", help="Of protections: re-lays, or what is too small for one"),
]
Crs = Annotated[int, typer.Option(help="EPSG code of the ground: 4326, 31370 or 3812")]
