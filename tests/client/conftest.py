"""The whole service over a real socket: the demo city, loaded once for all tests that only read it."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import get_args

import pytest
import sqlalchemy as sa

from geo_service import db, settings
from geo_service.api import serve
from geo_service.client import Client
from geo_service.cluster import Cluster
from geo_service.demo.load import load_city
from geo_service.demo.region import generate_city
from geo_service.detection.prepare import prepare_database
from geo_service.domain.roles import Role
from geo_service.store import keys

TODAY = date(2026, 10, 12)
DATABASE = f"test_client_demo_{os.getpid()}"
GROUPS = {"partner": "proximus"}


@dataclass(frozen=True)
class DemoServer:
    """Where the demo city is served, with one API key per role."""

    url: str
    keys: dict[str, str]
    engine: sa.Engine


@pytest.fixture(scope="session")
def demo_server(cluster: Cluster, template: str) -> Iterator[DemoServer]:
    cluster.drop_database(DATABASE)
    url = sa.make_url(cluster.create_database(DATABASE, template)).set(drivername=db.DRIVER)
    address = url.render_as_string(hide_password=False)
    prepare_database(address)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        known = settings.load(
            database_url=address, today=TODAY, port=listening.getsockname()[1], log_level="warning"
        )
        engine = db.create_engine_from(known)
        load_city(engine, known, generate_city(today=TODAY), TODAY)
        with db.write(engine) as conn:
            made = {
                role: keys.create(conn, role, role, owner_group=GROUPS.get(role)) for role in get_args(Role)
            }
        server = serve.server(known)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield DemoServer(known.base_url, made, engine)
        server.should_exit = True
        thread.join()
        engine.dispose()
    cluster.drop_database(DATABASE)


@pytest.fixture
def client(demo_server: DemoServer) -> Iterator[Client]:
    with Client(demo_server.url, demo_server.keys["viewer"]) as client:
        yield client
