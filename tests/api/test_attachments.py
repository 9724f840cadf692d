"""A remark with files: told apart by their content, sealed at rest, behind a door, named in the trail and in the export, gone after their time."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from PIL import Image

from geo_service import vault
from geo_service.accounts import retention
from geo_service.domain import attachments as limits
from geo_service.domain.errors import NotFound
from geo_service.domain.permissions import PERMISSIONS
from geo_service.domain.roles import ROLES
from geo_service.store import attachments, audit, personal
from geo_service.vault import Vault
from tests.api.scenario import Street
from tests.api.test_cases import case_of
from tests.api.test_open311_photos import SVG, picture
from tests.ops.test_report import text_of
from tests.serving import PERSONAL_KEY

LETTER = b"%PDF-1.7\nZonderling schrijft\n%%EOF\n"


@pytest.fixture
def conflict(street: Street) -> dict[str, Any]:
    """Works of Proximus that meet two repairs."""
    works = street.works((30, 44))
    street.repair(along=(0, 10))
    repair = street.repair(along=(12, 22))
    [found] = street.conflicts(repair=repair["id"], rule="wasted_repair")
    return {**found, "works": works}


def attach(street: Street, path: str, *files: bytes, text: str = "Brief van de aannemer", role: str = "utilities_desk", **headers: str) -> httpx.Response:  # fmt: skip
    parts = [("file", (f"Zonderling-{n}.bin", content)) for n, content in enumerate(files)]
    with street.service.as_(role) as client:
        etag = client.get(f"/api/v1/{path}").headers["ETag"]
        sent = {"If-Match": etag, **headers}
        return client.post(f"/api/v1/{path}/attachments", data={"text": text}, files=parts or {"file": ("", b"")}, headers=sent)  # fmt: skip


def read(street: Street, attachment: dict[str, Any], role: str = "workshop") -> httpx.Response:
    with street.service.as_(role) as client:
        return client.get(f"/api/v1/attachments/{attachment['id']}")


def named(answer: httpx.Response) -> list[dict[str, Any]]:
    """The files that the newest entry of the trail names."""
    assert answer.status_code == 201, answer.text
    found: list[dict[str, Any]] = answer.json()["events"][-1]["details"]["attachments"]
    return found


def test_a_letter_and_a_photo_come_back_as_they_may(street: Street, conflict: dict[str, Any]) -> None:
    answer = attach(street, f"conflicts/{conflict['id']}", LETTER, picture())
    letter, photo = named(answer)
    assert (letter["kind"], letter["bytes"], photo["kind"]) == ("pdf", len(LETTER), "photo")
    event = answer.json()["events"][-1]
    assert (event["kind"], event["details"]["text"]) == ("comment", "Brief van de aannemer")
    found = read(street, letter)
    assert (found.content, found.headers["content-type"]) == (LETTER, "application/pdf")
    assert found.headers["content-disposition"] == f'attachment; filename="{letter["number"]}.pdf"'
    assert (found.headers["cache-control"], found.headers["x-content-type-options"]) == (
        "no-store",
        "nosniff",
    )
    image = Image.open(io.BytesIO(read(street, photo).content))
    assert image.format == "JPEG" and dict(image.getexif()) == {}
    with street.service.engine.connect() as conn:
        sealed = conn.scalar(sa.text("SELECT sealed FROM attachments WHERE id = :id"), letter)
        looks = audit.find(conn, audit.Filter(action="attachment_seen"), limit=9, before=None).rows
    assert sealed is not None and b"Zonderling" not in bytes(sealed)
    assert all(row["facts"]["by_key"] for row in looks)
    assert [row["facts"]["attachment"] for row in looks][:2] == [photo["number"], letter["number"]]


@pytest.mark.parametrize("role", ROLES)
def test_who_may_attach_and_who_may_look(street: Street, conflict: dict[str, Any], role: str) -> None:
    [letter] = named(attach(street, f"conflicts/{conflict['id']}", LETTER))
    assert (read(street, letter, role).status_code == 200) is (role in PERMISSIONS["see attachments"])
    path = f"/api/v1/conflicts/{conflict['id']}"
    with street.service.as_("coordinator") as client:
        etag = client.get(path).headers["ETag"]
    with street.service.as_(role) as client:
        sent = client.post(f"{path}/attachments", data={"text": "x"}, files={"file": LETTER}, headers={"If-Match": etag})  # fmt: skip
    assert sent.status_code == (201 if role in PERMISSIONS["attach files"] else 403), sent.text


def test_a_case_has_its_files_once_and_each_trail_names_them(
    street: Street, conflict: dict[str, Any]
) -> None:
    case = case_of(street.service, conflict["works"])
    assert attach(street, f"cases/{case['id']}", LETTER).status_code == 201
    with street.service.as_("coordinator") as client:
        export = client.get(f"/api/v1/cases/{case['id']}/export").json()
        document = client.get(f"/api/v1/cases/{case['id']}/export?format=pdf")
    files = [one["details"]["attachments"] for item in export["items"] for one in item["events"][-1:]]
    assert len(files) == 2 and files[0] == files[1] != []
    assert f"Brief van de aannemer – {files[0][0]['number']} (pdf)" in " ".join(
        "".join(text_of(document.content)).split()
    )
    with street.service.engine.connect() as conn:
        count = conn.scalar(sa.text("SELECT count(*) FROM attachments WHERE conflict_id = ANY(:ids)"), {"ids": case["conflict_ids"]})  # fmt: skip
    assert count == 1


@pytest.mark.parametrize(
    ("files", "text", "field", "code"),
    [
        ([], "x", "file", "missing"),
        ([SVG], "x", "file", "attachment_unknown"),
        ([b"%PDF-1.7 broken off"], "x", "file", "attachment_unknown"),
        ([b"MZ" + LETTER], "x", "file", "attachment_unknown"),
        ([LETTER] * 6, "x", "file", "attachments_too_many"),
        ([b"%PDF-" + bytes(limits.MAX_PDF_BYTES) + b"%%EOF"], "x", "file", "attachment_too_large"),
        ([LETTER], " ", "text", "string_too_short"),
        ([LETTER], "x" * 4_001, "text", "string_too_long"),
    ],
    ids=["none", "svg", "half a pdf", "program", "six", "large", "no words", "many words"],
)
def test_what_is_refused_names_its_field(
    street: Street, conflict: dict[str, Any], files: list[bytes], text: str, field: str, code: str
) -> None:
    answer = attach(street, f"conflicts/{conflict['id']}", *files, text=text)
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)


def test_all_or_nothing_is_kept_and_the_second_of_two_is_told(
    street: Street, conflict: dict[str, Any]
) -> None:
    path = f"conflicts/{conflict['id']}"
    assert attach(street, path, LETTER, SVG).status_code == 422
    [first] = named(attach(street, path, LETTER))
    assert attach(street, path, LETTER, **{"If-Match": '"1"'}).status_code == 412
    with street.service.engine.connect() as conn:
        kept = conn.scalars(sa.text("SELECT id FROM attachments WHERE conflict_id = :id"), {"id": conflict["id"]})  # fmt: skip
        assert [str(one) for one in kept] == [first["id"]]


@pytest.mark.parametrize("things", ["conflicts", "cases"])
def test_a_file_for_what_is_not_there_is_not_found(street: Street, things: str) -> None:
    with street.service.as_("utilities_desk", **{"If-Match": '"1"'}) as desk:
        answer = desk.post(
            f"/api/v1/{things}/{uuid4()}/attachments", data={"text": "x"}, files={"file": ("x", LETTER)}
        )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_conflict_has_room_for_so_many(
    street: Street, conflict: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"conflicts/{conflict['id']}"
    for _ in range(limits.MOST_OF_A_CONFLICT // limits.MOST_OF_A_REMARK):
        assert attach(street, path, *[LETTER] * limits.MOST_OF_A_REMARK).status_code == 201
    assert attach(street, path, LETTER).json()["errors"][0]["code"] == "attachments_too_many"


def test_a_new_key_opens_them_too(street: Street, conflict: dict[str, Any]) -> None:
    [letter] = named(attach(street, f"conflicts/{conflict['id']}", LETTER))
    fresh = vault.new_key()
    with street.service.engine.connect() as conn:  # of which nothing is kept
        personal.reseal(conn, Vault.of_keys([fresh, PERSONAL_KEY]))
        assert Vault.of_keys([fresh]).open(attachments.get(conn, letter["id"])["sealed"]) == LETTER
        conn.rollback()


def test_files_of_a_case_go_when_the_last_of_its_conflicts_ended_long_ago(
    street: Street, conflict: dict[str, Any]
) -> None:
    case = case_of(street.service, conflict["works"])
    assert attach(street, f"cases/{case['id']}", LETTER).status_code == 201
    clerk, later = audit.Actor("test"), date.today() + timedelta(days=800)
    with street.service.engine.connect() as conn:  # of which nothing is kept
        letter = conn.scalar(sa.text("SELECT id FROM attachments WHERE conflict_id = ANY(:ids)"), {"ids": case["conflict_ids"]})  # fmt: skip
        end = sa.text("UPDATE conflicts SET status = 'withdrawn' WHERE id = :id")
        for conflict_id, gone in zip(case["conflict_ids"], (0, 1), strict=True):
            conn.execute(end, {"id": conflict_id})
            assert retention.purge(conn, clerk, later, 24)["attachments"] == gone
        with pytest.raises(NotFound):
            attachments.get(conn, letter)
        conn.rollback()


def test_files_go_when_their_conflict_ended_long_ago(street: Street, conflict: dict[str, Any]) -> None:
    [letter] = named(attach(street, f"conflicts/{conflict['id']}", LETTER))
    street.change_works(conflict["works"], certainty="cancelled")
    clerk, later = audit.Actor("test"), date.today() + timedelta(days=800)
    with street.service.engine.begin() as conn:
        assert retention.purge(conn, clerk, date.today(), 24)["attachments"] == 0
    assert read(street, letter).status_code == 200
    with street.service.engine.begin() as conn:
        assert retention.purge(conn, clerk, later, 24)["attachments"] == 1
    assert read(street, letter).status_code == 404
