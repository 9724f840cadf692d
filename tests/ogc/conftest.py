"""A street behind `/ogc`, at the address that its links name: tests here only read it."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from geo_service.cluster import Cluster
from tests.api.scenario import Street
from tests.serving import STREET, Service, running, sql_insert_building

GROUND = """
INSERT INTO pavement_sections (source, code, kind, street, laid_on, geom)
VALUES ('test', 'V-1', 'footpath', 'Teststraat', '2020-05-01', ST_MakeEnvelope(80000, 190000, 80040, 190002, 31370));
INSERT INTO streets (source, name, geom)
VALUES ('test', 'Teststraat', ST_SetSRID(ST_MakeLine(ST_MakePoint(80000, 190006), ST_MakePoint(80100, 190006)), 31370));
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture(scope="package")
def ogc(cluster: Cluster, template: str) -> Iterator[Service]:
    """The service with one street: see `scene`."""
    name = f"ogc_{uuid.uuid4().hex[:12]}"
    try:
        with running(cluster.create_database(name, template), port=free_port()) as service:
            yield service
    finally:
        cluster.drop_database(name)


@pytest.fixture(scope="package")
def scene(ogc: Service) -> dict[str, Any]:
    """Works of Proximus, of Fluvius (in two phases) and an event; repairs, conflicts, ground; by name."""
    with ogc.engine.begin() as conn:
        for statement in filter(str.strip, GROUND.split(";")):
            conn.exec_driver_sql(statement)
    street = Street(ogc, 0.0)
    fibre = street.works((30, 44), title="Glasvezel", utilities=["Telecom"], category="2")
    gas = street.works(
        (60, 80), odd=True, owner="Fluvius", title="Gas én stroom", utilities=["Gas", "Electricity"]
    )
    phase = {key: gas["phases"][0][key] for key in ("geometry", "starts_on", "ends_on")}
    later = {**phase, "starts_on": "2027-06-01", "ends_on": "2027-06-10"}
    gas = street.change_works(gas, phases=[phase, later])
    market = street.works((5, 6), along=(60, 90), kind="event", owner="Stad Izegem", title="Markt")
    reporter = {"name": "Jan Peeters", "email": "jan.peeters@example.org", "phone": "0470 12 34 56"}
    hole = street.repair(reporter=reporter)
    street.complete(street.repair(along=(92, 94)), on=-3)
    with ogc.as_("coordinator") as client:
        request = {"works": fibre["id"], "repairs": [hole["id"]]}
        made = client.post("/api/v1/requests", json=request)
    assert made.status_code == 201, made.text
    building = sql_insert_building(ogc, 0.0, "Gildenhuis")
    return {"fibre": fibre, "gas": gas, "market": market, "hole": hole, "building": building, "x": STREET[0]}
