"""Members of GIPOD's stream of hindrances, as files hold them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Rows = Callable[[str], list[Any]]
DAYS = "SELECT lower(during)::text, upper(during)::text FROM phases ORDER BY 1, 2"
BOX = "POLYGON ((68700 179100, 68710 179100, 68710 179102, 68700 179102, 68700 179100))"
THURSDAYS = {
    "startDate": "2026-10-01", "endDate": "2026-10-01", "repeatFrequency": "P1W", "until": "2026-10-22T23:59:00Z", "repeatCount": None,
    "startTime": "08:00Z", "endTime": "10:00Z", "duration": "PT2H", "byDay": ["http://schema.org/Thursday"], "exceptDate": ["2026-10-15"],
}  # fmt: skip


LABELLED = re.compile(
    r'consequencetypes/([0-9a-f-]{36})(?:",\s*"prefLabel"\s*:\s*|> <http://www.w3.org/2004/02/skos/core#prefLabel> )"([^"]+)"'
)


def zone(wkt: str | None = BOX, *says: str, id_: str = "z1") -> dict[str, Any]:
    consequences = [{"@id": "…/x", "prefLabel": label} for label in says]
    return {"@id": f"/api/v1/zones/{id_}", "consequence": consequences, "geometry": wkt and {"wkt": wkt}}


def member(
    gipod_id: int = 10_000_001, at: str = "2026-09-01T08:00:00.1234567Z", **more: Any
) -> dict[str, Any]:
    return {
        "@id": f"/api/v1/mobility-hindrances/{gipod_id}/1",
        "gipodId": gipod_id,
        "isConsequenceOf": [{"@type": "Work"}],
        "description": "Container, bel 0470 12 34 56",
        "owner": {"preferredName": "Stad Izegem"},
        "contactOrganisation": [{"name": "Jan Zonderling"}],
        "zone": [zone(BOX, "Geen doorgang voor voetgangers")],
        "period": [{"start": "2026-10-01T05:00:00Z", "end": "2026-10-03T15:00:00Z"}],
        "timeSchedule": None,
        "status": {"prefLabel": "Gevalideerd"},
        "generatedAtTime": at,
        "eventName": "MobilityHindranceZoneWasAdded",
    } | more
