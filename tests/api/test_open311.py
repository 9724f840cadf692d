"""GeoReport's manners: both formats, the official schemas, errors as a list, and nothing that a client sends is a 500."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7 as _DRAFT

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.store import keys
from tests.api.open311 import PATH, Site, errors, text, tree
from tests.api.scenario import Street
from tests.serving import Service, running

NOWHERE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def site(service: Service) -> Site:
    """A site with a key of the role reporter."""
    return Site(service)


@pytest.fixture(scope="module")
def strict(cluster: Cluster, template: str) -> Iterator[Service]:
    """A city with a jurisdiction of its own, in which a key may file five reports an hour."""
    name = f"api_{uuid.uuid4().hex[:12]}"
    url = cluster.create_database(name, template=template)
    try:
        with running(url, open311_max_per_hour=5, open311_jurisdiction="izegem.be") as found:
            yield found
    finally:
        cluster.drop_database(name)


@pytest.mark.shared
def test_answers_in_json_are_those_of_the_official_schemas(street: Street, site: Site, shared: Path) -> None:
    street.works((30, 44))
    request = site.filed(street.x + 20)
    folder = shared / "schemas" / "open311"
    schemas = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        [(name, Resource.from_contents(one, default_specification=_DRAFT)) for name, one in schemas.items()]
    )

    answers = {
        "services.json": site.get("services.json").json(),
        "service-definition.json": site.get("services/pothole.json").json(),
        "requests.json": site.get("requests.json").json(),
        "request.json": site.request(request),
    }

    assert len(answers["services.json"]) == 6 and len(answers["requests.json"]) >= 1
    for name, answer in answers.items():
        checker = jsonschema.Draft7Validator(
            schemas[name], registry=registry, format_checker=jsonschema.FormatChecker()
        )
        assert [error.message for error in checker.iter_errors(answer)] == [], name


def test_xml_says_the_same_as_json(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)

    as_json = site.request(request)
    (as_xml,) = tree(site.get(f"requests/{request}.xml"))

    assert {child.tag: child.text for child in as_xml} == {
        name: None if value is None else str(value) for name, value in as_json.items()
    }


def test_discovery_names_us_and_both_formats(site: Site) -> None:
    root = tree(site.get("discovery.xml"))

    assert [one.text for one in root.findall("endpoints/endpoint/formats/format")] == [
        "text/xml",
        "application/json",
    ]
    assert (root.findtext("endpoints/endpoint/url") or "").endswith(PATH)
    assert root.findtext("endpoints/endpoint/specification") == "http://wiki.open311.org/GeoReport_v2"
    assert site.get("discovery.json").json()["endpoints"][0]["type"] == "production"


def test_services_and_questions_are_in_the_language_of_the_reader(service: Service) -> None:
    with service.as_(None, **{"Accept-Language": "en"}) as client:
        names = {
            one["service_code"]: one["service_name"] for one in client.get(f"{PATH}/services.json").json()
        }
        asked = client.get(f"{PATH}/services/pothole.json").json()["attributes"]

    assert names["loose_slab"] == "Loose slab"
    assert [one["code"] for one in asked] == ["hindrance", "extent"]
    assert asked[0]["values"][2] == {"key": "dangerous", "name": "Dangerous: somebody may get hurt"}


def test_a_token_is_the_id_of_the_report(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)
    with street.service.as_("workshop") as workshop:
        items = workshop.get("/api/v1/repairs?limit=1000").json()["items"]
    (token,) = [item["id"] for item in items if item["number"] == request]

    assert text(site.get(f"tokens/{token}.xml"), "request/service_request_id") == request
    assert errors(site.get(f"tokens/{NOWHERE}.json", language="en")) == [(404, "token: is not known")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"api_key": None}, (403, "api_key: is required")),
        ({"api_key": "gs_wrong"}, (403, "api_key: is not known, revoked or expired")),
        ({"service_code": None}, (400, "service_code: is required")),
        ({"service_code": "trees"}, (404, "service_code: there is no service trees")),
        ({"lat": None, "long": None}, (400, "lat: say where: lat and long, address_string or address_id")),
        ({"lat": None}, (400, "lat: is required beside the other one")),
        ({"lat": "north"}, (400, "lat: must be a number of degrees (WGS84)")),
        ({"long": "nan"}, (400, "long: must be a number of degrees (WGS84)")),
        ({"lat": ["50.92", "50.93"]}, (400, "lat: is given more than once")),
        ({"address_id": "x" * 1001}, (400, "address_id: at most 1000 characters")),
        (
            {"address_string": "a\x00", "lat": None, "long": None},
            (400, "address_string: contains a NUL character"),
        ),
        ({"service_code": ["kerb", "other"]}, (400, "service_code: is given more than once")),
        ({"address_id": NOWHERE, "lat": None, "long": None}, (400, "address_id: is no building of ours")),
    ],
    ids=str,
)
@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_report_that_cannot_be_taken_says_why(
    site: Site, form: str, fields: dict[str, Any], expected: tuple[int, str]
) -> None:
    answer = site.file(0, form=form, **fields)

    assert (answer.status_code, errors(answer)) == (expected[0], [expected])


@pytest.mark.parametrize("language", ["nl", "", "fr"])
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"api_key": None}, (403, "api_key: is verplicht")),
        ({"service_code": "trees"}, (404, "service_code: er is geen dienst trees")),
        ({"lat": "north"}, (400, "lat: moet een getal in graden zijn (WGS84)")),
    ],
    ids=str,
)
def test_the_code_is_that_of_the_standard_and_the_words_those_of_the_reader(
    site: Site, fields: dict[str, Any], expected: tuple[int, str], language: str
) -> None:
    assert errors(site.file(0, language=language, **fields)) == [expected]


def test_a_place_elsewhere_is_refused(site: Site) -> None:
    answer = site.file(0, lat="42.3594", long="-71.0587")

    assert answer.status_code == 400
    assert errors(answer)[0][1].startswith("lat, long: ")


@pytest.mark.parametrize("role", ["viewer", "utilities_desk", "partner"])
def test_a_key_of_another_role_files_nothing(site: Site, role: str) -> None:
    answer = site.file(0, api_key=site.service.keys[role])

    assert answer.status_code == 403
    assert errors(answer)[0][1].startswith(f"api_key: role {role} may not file reports")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "Open,closed"}, None),
        ({"status": ""}, None),
        ({"jurisdiction_id": "elsewhere.be"}, None),
        ({"status": "fixed"}, "status: fixed is none of open, closed"),
        ({"service_code": "trees"}, "service_code: trees is none of pothole, subsidence, loose_slab, root_damage, kerb, other"),
        ({"start_date": "yesterday"}, "start_date: must be written as 2026-03-14T00:00:00Z, with its time zone"),
        ({"start_date": "2026-01-01T00:00:00"}, "start_date: must be written as 2026-03-14T00:00:00Z, with its time zone"),
        ({"end_date": "2026-13-01T00:00:00Z"}, "end_date: must be written as 2026-03-14T00:00:00Z, with its time zone"),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, "end_date: at most 90 days after start_date"),
        ({"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, "end_date: must not be before start_date"),
        ({"start_date": "0001-01-01T00:00:00+01:00"}, "start_date: must be written as 2026-03-14T00:00:00Z, with its time zone"),
        ({"end_date": "9999-12-31T23:59:59Z", "start_date": "9999-12-31T00:00:00Z"}, None),
        ({"start_date": "9999-12-31T00:00:00Z"}, None),
        ({"page": "0"}, "page: Input should be greater than or equal to 1"),
        ({"page_size": "1001"}, "page_size: Input should be less than or equal to 1000"),
        ({"lat": "50"}, "lat: is no parameter of this address"),
        ({"status": "\x00"}, "status: contains a NUL character"),
        ({"service_request_id": "1,2,x' OR 1=1,H-99999999999999999999,,"}, None),
        ({"service_request_id": ",".join(["H-1"] * 1001)}, "service_request_id: at most 1000 ids at once"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_told_so(
    site: Site, query: dict[str, str], expected: str | None
) -> None:
    answer = site.get("requests.json", language="en", **query)

    if expected is None:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 400
        assert errors(answer)[0][1].startswith(expected)


def test_filters_and_pages_narrow_the_list(street: Street, site: Site) -> None:
    with db.write(street.service.engine) as conn:
        key = keys.create(conn, "pages", "reporter")
    filed = [site.filed(street.x + 20 * n, service_code="root_damage", api_key=key) for n in range(3)]

    def ids(**query: Any) -> list[str]:
        return [one["service_request_id"] for one in site.get("requests.json", **query).json()]

    assert ids(service_code="root_damage") == filed[::-1]
    assert ids(service_code="root_damage", page_size=2) == filed[:0:-1]
    assert ids(service_code="root_damage", page_size=2, page=2) == filed[:1]
    assert ids(service_code="root_damage", status="closed") == []
    assert ids(service_code="root_damage", end_date="2020-01-01T00:00:00Z") == []
    assert ids(service_request_id=f"{filed[0]}, {filed[2].lower()}", status="closed") == [filed[2], filed[0]]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "requests/H-999999999.xml", 404),
        ("GET", "requests/x.json", 404),
        ("GET", "services/trees.xml", 404),
        ("GET", "services.yaml", 404),
        ("GET", "services", 404),
        ("GET", "nothing.xml", 404),
        ("DELETE", "requests.json", 405),
        ("POST", "services.xml", 405),
        ("PUT", "requests/H-1.xml", 405),
        ("PUT", "servicerequestupdates.xml", 405),
    ],
)
def test_what_is_not_there_is_a_list_of_errors_too(site: Site, method: str, path: str, status: int) -> None:
    with site.service.as_(None) as client:
        answer = client.request(method, f"{PATH}/{path}")

    assert answer.status_code == status
    assert [code for code, _ in errors(answer)] == [status]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"%", "application/x-www-form-urlencoded", 403),
        (b"description=\x81", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(1001)), "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"a=" + b"x" * 9_000_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (b"", "multipart/form-data", 400),
        (b"no boundary in it", "multipart/form-data; boundary=x", 400),
        (b"--x\r\n" + b"y" * 70_000_000, "multipart/form-data; boundary=x", 413),
        (b"", "", 403),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_that_is_no_form_is_told_so(site: Site, body: bytes, kind: str, status: int) -> None:
    with site.service.as_(None) as client:
        answer = client.post(
            f"{PATH}/requests.json", content=body, headers={"Content-Type": kind} if kind else {}
        )

    assert answer.status_code == status
    assert [code for code, _ in errors(answer)] == [status]


def test_what_xml_cannot_hold_is_replaced(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20, description="Put \x0b <b> & ]]> \x1b\ufffe")

    assert (
        text(site.get(f"requests/{request}.xml"), "request/description")
        == "Put \ufffd <b> & ]]> \ufffd\ufffd"
    )


def test_head_answers_as_get_without_a_body(site: Site) -> None:
    with site.service.as_(None) as client:
        answer = client.head(f"{PATH}/services.xml")

    assert (answer.status_code, answer.content) == (200, b"")


def test_a_key_may_file_so_many_an_hour(strict: Service) -> None:
    with db.write(strict.engine) as conn:
        busy, other = keys.create(conn, "busy site", "reporter"), keys.create(conn, "busy", "reporter")
    site = Site(strict)

    answers: list[httpx.Response] = [site.file(20.0 * n, api_key=busy) for n in range(7)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert errors(answers[-1]) == [(429, "this key may file 5 reports an hour")]
    assert answers[-1].headers["Retry-After"] == "3600"
    assert site.file(200, api_key=other).status_code == 200


def test_another_jurisdiction_is_not_found(strict: Service) -> None:
    site = Site(strict)

    assert site.get("requests.json", jurisdiction_id="izegem.be").status_code == 200
    assert errors(site.get("services.json", language="en", jurisdiction_id="gent.be")) == [
        (404, "jurisdiction_id: we do not serve gent.be, only izegem.be")
    ]
    assert site.file(300, jurisdiction_id="gent.be").status_code == 404
