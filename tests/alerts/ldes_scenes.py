"""A city whose event streams are published in short pages, and a reader of them."""

from __future__ import annotations

import random
import socket
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import rdflib
import sqlalchemy as sa

from geo_service.alerts.ldes import pages, stream
from geo_service.store.tables import repairs, works
from tests.api.scenario import Street
from tests.serving import Service, running

MOB = rdflib.Namespace("https://data.vlaanderen.be/ns/mobiliteit#")
TREE = rdflib.Namespace("https://w3id.org/tree#")
SHORT = 7
"""Members of a page in tests, so that there are several."""


@pytest.fixture(scope="module")
def service(cluster: Any, template: str) -> Iterator[Service]:
    """A service that knows its own address, which its pages hold."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = f"ldes_{uuid.uuid4().hex[:12]}"
    with running(
        cluster.create_database(name, template), port=port, base_url=f"http://127.0.0.1:{port}"
    ) as service:
        yield service
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def city(service: Service) -> dict[str, Any]:
    """Works of each kind, repairs that they meet, and the conflicts of those."""
    street = Street(service, 70_000)
    kinds = ("groundworks", "works", "event", "building_project")
    made = [
        street.works((30, 44), along=(100 * n, 100 * n + 40), kind=kind, source_id=f"K-{n}")
        for n, kind in enumerate(kinds)
    ]
    made.append(street.works((60, 70), owner="Fluvius", source_id='5"\\\n\u0001', category="2"))
    repair = street.repair(description="Jan Zonderling belde", scope="section")
    street.repair(along=(300, 301), scope="spot")
    publish(service)
    return {"street": street, "works": made, "repair": repair}


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_MEMBERS", SHORT)


def publish(service: Service) -> dict[Any, int]:
    return stream.publish(service.engine, "Europe/Brussels")


def fetch(service: Service, address: str, role: str = "viewer", **headers: str) -> httpx.Response:
    with service.as_(role, **headers) as http:
        return http.get(address)


def first_page(service: Service, name: str) -> str:
    return str(fetch(service, f"/ldes/{name}").json()["tree:view"]["@id"])


def walk(service: Service, name: str) -> list[httpx.Response]:
    """All pages of a stream, as a reader finds them."""
    answers, address = [], first_page(service, name)
    while address:
        answers.append(fetch(service, address))
        assert answers[-1].status_code == 200, answers[-1].text
        address = answers[-1].json()["@graph"][1].get("tree:relation", {}).get("tree:node", {}).get("@id")
    return answers


def members(service: Service, name: str) -> list[dict[str, Any]]:
    return [one for page in walk(service, name) for one in page.json()["@graph"][0]["tree:member"]]


def newest(service: Service, name: str) -> dict[str, dict[str, Any]]:
    """The last member of each thing, by its id."""
    return {one["dct:isVersionOf"]["@id"].rpartition("/")[2]: one for one in members(service, name)}


def graph(answer: httpx.Response) -> rdflib.Graph:
    form = "turtle" if "turtle" in answer.headers["content-type"] else "json-ld"
    return rdflib.Graph().parse(data=answer.content, format=form)


def change(service: Service, dice: random.Random, ids: dict[sa.Table, list[uuid.UUID]]) -> None:
    """One thing gets another state, or is deleted, or comes back."""
    table = dice.choice(list(ids))
    other = {
        works: {"certainty": dice.choice(("planned", "confirmed", "done"))},
        repairs: {"held": dice.random() < 0.5, "verdict": "wait", "verdict_until": sa.func.current_date()},
    }[table]
    news = {"deleted_at": sa.func.now() if dice.random() < 0.2 else None, **other}
    if table is works or "deleted_at" in news:
        news |= {"version": table.c.version + 1, "updated_at": sa.func.now()}
    with service.engine.begin() as conn:
        conn.execute(sa.update(table).where(table.c.id == dice.choice(ids[table])).values(news))
