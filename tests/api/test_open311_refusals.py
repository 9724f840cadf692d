"""Reports and questions by Open311 that make no sense: a list of errors, never a 500."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.open311 import PATH, Site, errors
from tests.api.open311_scenes import NOWHERE, site, strict
from tests.serving import Service

__all__ = ["site", "strict"]  # fixtures


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


def test_another_jurisdiction_is_not_found(strict: Service) -> None:
    site = Site(strict)

    assert site.get("requests.json", jurisdiction_id="izegem.be").status_code == 200
    assert errors(site.get("services.json", language="en", jurisdiction_id="gent.be")) == [
        (404, "jurisdiction_id: we do not serve gent.be, only izegem.be")
    ]
    assert site.file(300, jurisdiction_id="gent.be").status_code == 404
