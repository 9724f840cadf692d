"""What it costs to save a repair where very many works lie, beside one where few do."""

from __future__ import annotations

from datetime import timedelta

from shapely import Point, box

from geo_service import db
from geo_service.bench.measure import Comparison
from geo_service.bench.region import TODAY, scratch
from geo_service.bench.saving import savers
from geo_service.cluster import Cluster
from geo_service.coordination import changes
from geo_service.detection.run import Subject
from geo_service.domain.period import Period
from geo_service.domain.works import Phase, Works
from geo_service.store import locks, works_batch

FEW, MANY = 5, 500
FAR = (20_000, 140_000)
"""South-west of the generated streets."""


def crowd(cluster: Cluster, claims: int, times: int) -> Comparison:
    """Saving a repair on top of MANY works (`ours`) against one on top of FEW (`peer`), each an opening on days of its own."""
    with scratch(cluster, claims) as url:
        engine = db.create_engine_for(url)
        places = [Point(FAR[0] + 1_000 * n + 5, FAR[1] + 1) for n in range(2)]
        for place, count in zip(places, (FEW, MANY), strict=True):
            with db.write(engine) as conn:
                locks.claims_writer(conn)
                saved = works_batch.save(conn, [_one(place, n) for n in range(count)], observed_on=TODAY)
                changes.record(conn, Subject(works_ids=[one.id for one in saved]), TODAY)
        engine.dispose()
        with savers(url, 2) as by:
            return by.clock.compare(lambda _: by.ours(places[1]), lambda _: by.ours(places[0]), times)


def _one(place: Point, number: int) -> Works:
    starts = TODAY + timedelta(days=10 + 2 * number)
    ground = box(place.x - 5, place.y - 1, place.x + 5, place.y + 1)
    phase = Phase("1", ground, Period(starts, starts + timedelta(days=1)), opens_surface=True)
    name = f"crowd {place.x} {number}"
    return Works("bench", name, "Proximus Gent", "Aansluiting", "groundworks", "confirmed", (phase,))
