"""GeoReport's manners: both formats, the official schemas, errors as a list, and nothing that a client sends is a 500."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7 as _DRAFT

from geo_service import db
from geo_service.store import keys
from tests.api.open311 import PATH, Site, errors, text, tree
from tests.api.open311_scenes import NOWHERE, site, strict
from tests.api.scenario import Street
from tests.serving import Service

__all__ = ["site", "strict"]  # fixtures


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
