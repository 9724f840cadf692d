"""The handover of a building project: its works, whom to call, files told apart by their content; sealed, behind a door, on record, gone after their time."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from geo_service.accounts import one_person, retention
from geo_service.accounts.one_person import Person
from geo_service.domain import attachments as limits
from geo_service.domain.permissions import PERMISSIONS
from geo_service.domain.roles import ROLES
from geo_service.store import audit, personal
from geo_service.vault import Vault, new_key
from tests.api.scenario import Street
from tests.api.test_attachments import LETTER
from tests.api.test_contacts import ELS, JAN
from tests.api.test_open311_photos import SVG, picture
from tests.serving import PERSONAL_KEY

PROJECT = {"name": "Dak van de school", "handover_on": "2027-09-01", "warranties": [{"what": "Dak", "until": "2037-09-01", "by": "Dakwerken"}]}  # fmt: skip


@pytest.fixture
def path(street: Street) -> str:
    """The address of a project of the register."""
    with street.service.as_("workshop") as client:
        made = client.post("/api/v1/building-projects", json=PROJECT)
        assert made.status_code == 201, made.text
        return made.headers["Location"]


def call(street: Street, method: str, path: str, role: str = "workshop", **sent: Any) -> Any:
    with street.service.as_(role) as client:
        return client.request(method, path, **sent)


def add(street: Street, path: str, *files: tuple[str, bytes], role: str = "workshop") -> Any:
    return call(street, "POST", f"{path}/files", role, files=[("file", one) for one in files])


def put(street: Street, path: str, *people: dict[str, Any], version: int = 0, role: str = "workshop") -> Any:
    return call(street, "PUT", f"{path}/contacts", role, json={"contacts": people}, headers={"If-Match": f'"{version}"'})  # fmt: skip


def test_a_plan_and_a_photo_go_along_at_the_handover(street: Street, path: str) -> None:
    added = add(
        street, path, ("C:\\Els\\Plan kelder – été.pdf", LETTER), ("bel 0470 55 44 33.png", picture())
    )
    assert added.status_code == 201, added.text
    plan, photo = added.json()["items"]
    assert (plan["title"], plan["kind"], plan["bytes"]) == ("Plan kelder – été", "pdf", len(LETTER))
    assert (photo["title"], photo["kind"]) == ("bel [tel.]", "photo")
    assert call(street, "GET", path).json()["files"] == 2
    assert call(street, "GET", f"{path}/files").json()["items"] == [plan, photo]
    found = call(street, "GET", f"{path}/files/{plan['id']}")
    assert (found.content, found.headers["content-type"]) == (LETTER, "application/pdf")
    assert found.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''Plan%20kelder%20%E2%80%93%20%C3%A9t%C3%A9.pdf"
    )
    assert (found.headers["cache-control"], found.headers["x-content-type-options"]) == ("no-store", "nosniff")  # fmt: skip
    assert Image.open(io.BytesIO(call(street, "GET", f"{path}/files/{photo['id']}").content)).format == "JPEG"
    thing = f"building-projects:{path.rpartition('/')[2]}"
    with street.service.engine.connect() as conn:
        sealed = conn.scalar(sa.text("SELECT sealed FROM project_files WHERE id = :id"), plan)
        looks = audit.find(conn, audit.Filter(action="attachment_seen", thing=thing), limit=9, before=None).rows  # fmt: skip
    assert sealed is not None and LETTER not in bytes(sealed)
    assert [row["facts"]["attachment"] for row in looks] == [photo["id"], plan["id"]]
    assert call(street, "DELETE", f"{path}/files/{photo['id']}").status_code == 204
    assert call(street, "GET", f"{path}/files").json()["items"] == [plan]
    assert call(street, "GET", f"{path}/files/{photo['id']}").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_who_may_add_look_and_call(street: Street, path: str, role: str) -> None:
    [plan] = add(street, path, ("Plan.pdf", LETTER)).json()["items"]
    writes, looks, calls = (role in PERMISSIONS[one] for one in ("write projects", "see attachments", "see contacts"))  # type: ignore[index]  # fmt: skip
    assert (add(street, path, ("Plan.pdf", LETTER), role=role).status_code == 201) is writes
    assert (call(street, "GET", f"{path}/files", role).status_code == 200) is looks
    assert (call(street, "GET", f"{path}/files/{plan['id']}", role).status_code == 200) is looks
    assert (put(street, path, JAN, role=role).status_code == 204) is writes
    assert (call(street, "GET", f"{path}/contacts", role).status_code == 200) is calls
    assert (call(street, "DELETE", f"{path}/files/{plan['id']}", role).status_code == 204) is writes


def test_a_file_of_another_project_is_not_found(street: Street, path: str) -> None:
    [plan] = add(street, path, ("Plan.pdf", LETTER)).json()["items"]
    other = call(street, "POST", "/api/v1/building-projects", json={"name": "Zwembad"}).headers["Location"]
    assert [call(street, method, f"{other}/files/{plan['id']}").status_code for method in ("GET", "DELETE")] == [404, 404]  # fmt: skip
    assert add(street, other[:-1] + ("0" if other[-1] != "0" else "1"), ("Plan.pdf", LETTER)).status_code == 404  # fmt: skip


@pytest.mark.parametrize(
    ("files", "code"),
    [([], "missing"), ([("plan.pdf", SVG)], "attachment_unknown"), ([("p", LETTER)] * 6, "attachments_too_many")],
)  # fmt: skip
def test_what_is_no_plan_and_no_photo_is_refused(
    street: Street, path: str, files: list[tuple[str, bytes]], code: str
) -> None:
    answer = add(street, path, *files) if files else call(street, "POST", f"{path}/files", files={"file": ("", b"")})  # fmt: skip
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
    assert call(street, "GET", f"{path}/files").json()["total"] == 0


def test_a_project_has_room_for_so_many_files(
    street: Street, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo_service.store.project_files.MOST_OF_A_PROJECT", 2)
    assert limits.MOST_OF_A_PROJECT > 2
    assert add(street, path, ("a.pdf", LETTER), ("b.pdf", LETTER)).status_code == 201
    [error] = add(street, path, ("c.pdf", LETTER)).json()["errors"]
    assert (error["field"], error["code"]) == ("file", "attachments_too_many")


def test_whom_to_call_is_sealed_on_record_and_in_no_list(street: Street, path: str) -> None:
    assert put(street, path, JAN, ELS).status_code == 204
    assert put(street, path, ELS, version=0).status_code == 412
    found = call(street, "GET", f"{path}/contacts")
    assert (found.json()["contacts"], found.headers["etag"]) == ([JAN, ELS], '"1"')
    assert "Zonderling" not in call(street, "GET", "/api/v1/building-projects").text + call(street, "GET", path).text  # fmt: skip
    thing = f"building-projects:{path.rpartition('/')[2]}"
    with street.service.engine.connect() as conn:
        sealed = conn.scalars(sa.text("SELECT sealed FROM project_contacts")).all()
        looks = audit.find(conn, audit.Filter(action="contacts_seen", thing=thing), limit=9, before=None)
    assert len(looks.rows) == 1 and all(b"Zonderling" not in bytes(one) for one in sealed)


def test_people_go_after_handover_and_last_warranty_are_erased_on_request_and_go_with_the_project(
    street: Street, path: str
) -> None:
    put(street, path, JAN, ELS).raise_for_status()
    vault, jan, own = Vault.of_keys([PERSONAL_KEY]), Person(email="jan@example.org"), path.rpartition("/")[2]
    with street.service.engine.begin() as conn:
        [held] = [one for one in one_person.export(conn, vault, jan)["contacts"] if str(one.get("project_id")) == own]  # fmt: skip
        assert held["contacts"] == [JAN]
        one_person.erase(conn, vault, jan)
    assert call(street, "GET", f"{path}/contacts").json()["contacts"] == [ELS]
    over = date(2037, 9, 1)
    for day, left in ((over - timedelta(days=1), [ELS]), (over, [])):
        with street.service.engine.begin() as conn:
            retention.purge(conn, audit.Actor("test"), day, 0)
        assert call(street, "GET", f"{path}/contacts").json()["contacts"] == left


def test_another_key_opens_files_and_people_once_they_are_sealed_anew(street: Street, path: str) -> None:
    add(street, path, ("Plan.pdf", LETTER)).raise_for_status()
    put(street, path, JAN).raise_for_status()
    sealed = sa.text("SELECT f.sealed, c.sealed FROM project_files f JOIN project_contacts c USING (project_id) WHERE project_id = :id")  # fmt: skip
    new = new_key()
    with street.service.engine.connect() as conn:
        personal.reseal(conn, Vault.of_keys([new, PERSONAL_KEY]))
        plan, people = conn.execute(sealed, {"id": path.rpartition("/")[2]}).one()
        conn.rollback()
    fresh = Vault.of_keys([new])
    assert fresh.open(plan) == LETTER and fresh.open_json(people) == [JAN]


def test_a_project_names_its_works(street: Street, path: str) -> None:
    works = street.works((30, 44), title="Torenkraan zwembad")
    etag = call(street, "GET", path).headers["ETag"]
    changed = call(street, "PUT", path, json={**PROJECT, "works_id": works["id"]}, headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["works"]) == (200, "Torenkraan zwembad")
    assert changed.json()["warranties"] == PROJECT["warranties"]
    with street.service.as_("workshop") as client:
        client.delete(path, headers={"If-Match": changed.headers["ETag"]}).raise_for_status()
