"""Every answer of every route to everybody, searched for the personal data that were put in by every way: they come out at their door only.

The routes are those of the app itself, documented or not, so a new one is here as soon as it exists.
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from itertools import product
from typing import get_args

import httpx
import pyarrow.parquet as pq
import pypdfium2
import pytest
import sqlalchemy as sa

from geo_service import db, settings
from geo_service.alerts import mailing, subscriptions
from geo_service.alerts.ldes import stream
from geo_service.alerts.ldes.members import STREAMS
from geo_service.api import public_page
from geo_service.api.app import create_app
from geo_service.api.exports import FORMAT_NAMES
from geo_service.cluster import Cluster
from geo_service.domain.permissions import PERMISSIONS
from geo_service.domain.roles import ROLES
from geo_service.exports.papers import PaperName
from geo_service.ogc.tile_documents import QUAD, tile_at
from geo_service.open311.render import MEDIA_TYPES
from geo_service.store import feed_epoch
from geo_service.store.collections import COLLECTIONS
from tests.alerts.mail_server import listening
from tests.api.open311 import PATH, Site
from tests.api.routes import routes_of
from tests.api.scenario import Street
from tests.api.test_open311_photos import filed, picture, upload
from tests.api.test_tracing import json_log
from tests.serving import PERSONAL_KEY, STREET, TO_WGS84, TODAY, Service, running, sql_insert_building

__all__ = ["json_log"]  # a fixture

CONTACTS = "bel 0470 55 44 33 of zonderling@example.org, auto 1-ZND-311"
SAID = f"Diepe put, {CONTACTS}. Jan Zonderling"
REPORTER = {"name": "Jan Zonderling", "phone": "+32 470 55 44 33", "email": "zonderling@example.org"}
SECRET = re.compile(r"zonderling|zonder1|470[ ./-]?55[ ./-]?44[ ./-]?33|1.?ZND.?311", re.IGNORECASE)
NOBODY = "00000000-0000-0000-0000-000000000000"
DOORS = {"/api/v1/repairs/{repair_id}/reporter"}
"""Where personal data come out, for those who may see reporters."""
ENDLESS = {"/api/v1/alerts/stream"}
"""Of these the beginning is read."""
READERS = (*ROLES, None)
SILENT = {
    "/api/v1/attachments/{attachment_id}", "/api/v1/building-projects/{project_id}", "/api/v1/pavements/stretches",
    "/api/v1/building-projects/{project_id}/contacts", "/api/v1/building-projects/{project_id}/files", "/api/v1/building-projects/{project_id}/files/{file_id}",
    "/api/v1/imports/{import_id}", "/api/v1/imports/{import_id}/rejected", "/api/v1/imports/{import_id}/rejected.csv", "/mijn-straat/mail/keuze",
    "/auth/callback", "/login/code", "/login/link/{token}", "/login/oidc", "/viewer/v-{version}/{name:path}", "/viewer/{name:path}",
}  # fmt: skip
"""What says nothing here: files and projects that nobody seeded, imports (tests/intake/), letters about a street (test_street_letters.py), signing in, and the files of the page."""
ZOOM = 16
QUERIES = {
    public_page.PATH: "?adres=Putstraat",
    "/feeds/alerts.atom": "?token={feed}",
    "/feeds/works.ics": "?token={feed}",
    "/api/v1/search": "?q=Putstraat",
}
"""What is asked of those that say nothing by themselves."""
PAVEMENT = (
    "INSERT INTO pavement_sections (source, code, kind, street, geom) "
    "VALUES ('test', 'P1', 'footpath', 'Putstraat', ST_MakeEnvelope(:west, :south, :west + 100, :south + 2, 31370))"
)

Values = dict[str, list[str]]


APP = create_app(
    settings.load(
        database_url="postgresql://nobody@127.0.0.1:1/none", personal_key=PERSONAL_KEY, public_page=True
    )
)
ROUTES = routes_of(APP)


@pytest.fixture(scope="module")
def service(cluster: Cluster, template: str) -> Iterator[Service]:
    """The service with all its pages, that for everybody too; a desk hears of everything by e-mail."""
    name = f"personal_{uuid.uuid4().hex[:12]}"
    draft = subscriptions.SubscriptionDraft("desk@izegem.example", {}, "email", "each", "nl")
    try:
        with running(cluster.create_database(name, template), public_page=True, log_format="json") as found:
            with db.write(found.engine) as conn:
                subscriptions.create(conn, subscriptions.CITY, draft)
            yield found
    finally:
        cluster.drop_database(name)


@pytest.fixture(scope="module")
def values(service: Service) -> Values:
    """The ids of what was seeded, by the name that paths give them."""
    street, site = Street(service, 90_000), Site(service)
    with service.engine.begin() as conn:
        conn.execute(sa.text(PAVEMENT), {"west": STREET[0] + street.x, "south": STREET[1]})
    works = street.works((30, 44), title=f"Kabel, {CONTACTS}", description=CONTACTS, remark=CONTACTS)
    repair = street.repair(description=SAID, remark=SAID, reporter=REPORTER)
    request, _ = filed(upload(site, street.x + 20, ("Zonderling.jpg", picture()), first_name="Jan", last_name="Zonderling", phone="0470 55 44 33", description=SAID, media_url="https://fix.example/zonderling.jpg"))  # fmt: skip
    assert site.add(request, description=SAID).status_code == 200
    with service.as_("coordinator") as client:
        conflict = client.get("/api/v1/conflicts", params={"repair": repair["id"]}).json()["items"][0]
        address = f"/api/v1/conflicts/{conflict['id']}"
        etag = {"If-Match": client.get(address).headers["ETag"]}
        assert client.post(f"{address}/comment", json={"text": CONTACTS}, headers=etag).status_code == 200
        days = {"starts_on": "2026-12-24", "ends_on": "2026-12-28", "override_reason": f"Gevaar, {CONTACTS}"}
        forced = client.post(f"/api/v1/repairs/{repair['id']}/schedule", json=days)
        assert forced.status_code == 200, forced.text
        case = client.get("/api/v1/cases").json()["items"]
        reported = client.get("/api/v1/repairs?limit=1000").json()["items"]
        [citizens] = [one["id"] for one in reported if one["number"] == request]
        photo = client.get(f"/api/v1/repairs/{citizens}/reporter").json()["photos"][0]["id"]
        asked = client.post("/api/v1/requests", json={"works": works["id"], "repairs": [repair["id"]]})
        assert asked.status_code == 201, asked.text
        subscription = client.post("/api/v1/subscriptions", json={"target": "https://example.org/hook"})
    claim, building = claimed(Street(service, 90_500)), sql_insert_building(service, 90_000, "School")
    feeds = []
    for role in PERMISSIONS["make feed links"]:
        with service.as_(role) as client:
            feeds.append(client.post("/api/v1/feeds", json={"name": role}).json()["token"])
    stream.publish(service.engine, "Europe/Brussels")
    with service.engine.connect() as conn:
        epoch = str(feed_epoch.current(conn))
    lon, lat = TO_WGS84.transform(STREET[0] + street.x + 20, STREET[1] + 1)
    x, y = tile_at(lon, lat, ZOOM)
    return {
        "repair_id": [repair["id"], citizens],
        "works_id": [works["id"]],
        "conflict_id": [conflict["id"]],
        "case_id": [case[0]["id"]] if case else [NOBODY],
        "photo_id": [photo],
        "rule_id": ["wasted_repair"],
        "format": list(FORMAT_NAMES),
        "form": [*MEDIA_TYPES, "qgs"],
        "request_id": [request, asked.json()["id"]],
        "subscription_id": [subscription.json()["id"]],
        "claim_id": [claim],
        "building_id": [building],
        "collection": list(COLLECTIONS),
        "feature": [repair["id"], citizens, works["id"], conflict["id"]],
        "matrix_set": [QUAD],
        "city": ["izegem"],
        "name": list(get_args(PaperName)),
        "year": ["2026"],
        "feed": feeds,
        "number": [request, repair["number"]],
        "code": ["pothole"],
        "stream_name": list(STREAMS),
        "epoch": [epoch],
        "page_number": ["1"],
        "token": [citizens],
        "z": [str(ZOOM)],
        "x": [str(x)],
        "y": [str(y)],
    }


def claimed(street: Street) -> str:
    """A claim on the guarantee of works that are over; its id."""
    street.change_works(street.works((-60, -30)), certainty="done")
    repair = street.repair(
        scope="spot", along=(20, 21), across=(0.2, 0.8), description=SAID, reporter=REPORTER
    )
    [conflict] = street.conflicts(repair=repair["id"], rule="guarantee_applies")
    with street.service.as_("coordinator") as client:
        made = client.post(f"/api/v1/conflicts/{conflict['id']}/claim-file", json={})
    return str(made.raise_for_status().json()["id"])


def addresses(path: str, values: Values) -> list[str]:
    """The path with each combination of what is known for its parts."""
    parts = re.split(r"{(\w+)(?::\w+)?}", path + QUERIES.get(path, ""))
    known = [values.get(part, [NOBODY]) if n % 2 else [part] for n, part in enumerate(parts)]
    return ["".join(one) for one in product(*known)]


def readable(answer: httpx.Response) -> str:
    """All that an answer says, packed or not, with its headers."""
    content, heads = answer.content, str(answer.headers)
    if content.startswith(b"PAR1"):
        return heads + str(pq.read_table(io.BytesIO(content)).to_pylist())
    if content.startswith(b"%PDF"):
        return heads + "".join(
            page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)
        )
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return heads + "".join(
                archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
            )
    return heads + content.decode("utf-8", "replace")


def get(client: httpx.Client, address: str, path: str) -> str:
    if path not in ENDLESS:
        return readable(client.get(address))
    with client.stream("GET", address, params={"after": 0}, timeout=5) as answer:
        return next(answer.iter_text(), "")


@pytest.mark.parametrize("role", READERS, ids=str)
def test_no_route_and_no_log_line_tells_who_reported_but_the_door(
    service: Service, values: Values, role: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    leaks, opened = [], set()
    with service.as_(role) as client:
        for method, path in ROUTES:
            if method != "GET":
                continue
            for address in addresses(path, values):
                if found := SECRET.search(get(client, address, path)):
                    (opened.add(path) if path in DOORS and role in PERMISSIONS["see reporter"] else leaks.append((address, found[0])))  # type: ignore[func-returns-value]  # fmt: skip
    assert leaks == []
    assert opened == (DOORS if role in PERMISSIONS["see reporter"] else set())
    assert not SECRET.search("".join(capfd.readouterr()))


def test_every_route_says_something_here(service: Service, values: Values) -> None:
    silent = set()
    with service.as_("admin") as client:
        for method, path in ROUTES:
            if method == "GET" and path not in ENDLESS:
                answers = (client.get(address).status_code for address in addresses(path, values))
                if not any(status < 400 for status in answers):
                    silent.add(path)
    assert silent == SILENT


def test_the_search_finds_what_is_there(service: Service, values: Values) -> None:
    assert len({path for method, path in ROUTES if method == "GET"}) > 60
    assert {f"{PATH}/requests.{{form}}", "/api/v1/repairs/{repair_id}", "/api/v1/alerts/stream"} <= {path for _, path in ROUTES}  # fmt: skip
    with service.as_(None) as client:
        [address] = addresses(public_page.PATH, values)
        assert client.get(address).text.count("<h3>") == 2  # the works and the repair
    for text in (SAID, str(REPORTER), "0470554433", "0470/55.44.33", "1ZND311"):
        assert SECRET.search(text)


@pytest.mark.parametrize("role", ["viewer", "workshop", "coordinator", "partner", None], ids=str)
def test_no_refusal_and_no_log_line_repeats_them(
    service: Service, values: Values, role: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    body = {**dict.fromkeys(("description", "text", "note", "reason", "category", "owner", "title"), SAID), "reporter": REPORTER, "geometry": SAID}  # fmt: skip
    leaks = []
    with service.as_(role, **{"If-Match": '"1"'}) as client:
        for method, path in ROUTES:
            if method not in ("POST", "PATCH", "PUT") or path.startswith(PATH):
                continue
            for address in addresses(path, values)[:1]:
                answer = client.request(method, address, json=body)
                if answer.status_code >= 500 or SECRET.search(readable(answer)):
                    leaks.append((method, address, answer.status_code, answer.text[:300]))
    assert leaks == []
    assert not SECRET.search("".join(capfd.readouterr()))


def test_no_e_mail_tells_who_reported(service: Service, values: Values) -> None:
    with listening() as server:
        config = settings.load(today=TODAY, **server.settings())
        with service.engine.connect() as conn:
            [reader] = conn.scalars(sa.text("SELECT id FROM subscriptions WHERE channel = 'email'"))
        mail_id = mailing.bundle(service.engine, reader, config)
        assert mail_id
        mailing.send(service.engine, mail_id, mailing.post_of(config))
        [mail] = server.mails
    assert "H-1" in server.text() and not SECRET.search(f"{mail.items()} {server.text()} {server.html()}")


@pytest.mark.usefixtures("json_log")
def test_no_log_line_repeats_what_is_taken_in(
    service: Service, values: Values, capsys: pytest.CaptureFixture[str]
) -> None:
    street, site = Street(service, 91_000), Site(service)
    repair = street.repair(description=SAID, reporter=REPORTER)
    sent = {"first_name": "Jan", "last_name": "Zonderling", "phone": "0470 55 44 33", "description": SAID}
    filed(upload(site, street.x + 20, **sent))
    with service.as_("workshop") as client:
        assert client.get(f"/api/v1/repairs/{repair['id']}/reporter?x=Zonderling").status_code == 400
    lines = capsys.readouterr().err
    assert f"{repair['id']}/reporter" in lines and "/requests.json" in lines and not SECRET.search(lines)


def test_nothing_readable_is_stored_beside_the_sealed_tables(service: Service, values: Values) -> None:
    tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    with service.engine.connect() as conn:
        for table in conn.scalars(sa.text(tables)).all():
            quoted = conn.dialect.identifier_preparer.quote(table)
            rows = conn.scalars(sa.text(f"SELECT t::text FROM {quoted} t"))
            assert not [row for row in rows if SECRET.search(row)], table
