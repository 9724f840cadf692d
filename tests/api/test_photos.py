"""Photos that a form adds to a repair: told apart by their content, offered back with their place, bounded in number."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from geo_service.domain.permissions import PERMISSIONS
from geo_service.domain.roles import ROLES
from geo_service.open311 import photos as pictures
from geo_service.store import photos
from tests.api.scenario import Street
from tests.api.test_open311_photos import SVG, bomb, picture

GPS = 0x8825
PLACE = {"type": "Point", "coordinates": [3.2131, 50.9152]}


def upload(street: Street, repair: dict[str, Any], *files: bytes, role: str = "workshop", **headers: str) -> httpx.Response:  # fmt: skip
    parts = [("photo", (f"{n}.jpg", content, "image/jpeg")) for n, content in enumerate(files)]
    with street.service.as_(role, **headers) as client:
        return client.post(f"/api/v1/repairs/{repair['id']}/photos", files=parts or {"x": ("", b"")})


def behind_the_door(street: Street, repair: dict[str, Any]) -> list[dict[str, Any]]:
    with street.service.as_("workshop") as client:
        return list(client.get(f"/api/v1/repairs/{repair['id']}/reporter").json()["photos"])


def test_a_photo_is_kept_without_its_place_which_the_form_hears(street: Street) -> None:
    repair = street.repair()
    answer = upload(street, repair, picture(), picture("PNG"), SVG)
    assert answer.status_code == 201, answer.text
    first, second = answer.json()["photos"]
    assert first["position"] == PLACE == second["position"]
    assert [one["field"] for one in answer.json()["left_out"]] == ["2.jpg"]
    assert [one["id"] for one in behind_the_door(street, repair)] == [first["id"], second["id"]]
    with street.service.as_("workshop") as client:
        image = Image.open(io.BytesIO(client.get(first["url"]).content))
    assert dict(image.getexif()) == {} and image.format == "JPEG"


@pytest.mark.parametrize(
    "gps",
    [{}, {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (3.0, 0.0, 0.0)}, {1: "N", 2: (1.0,)}],
    ids=["none", "zero", "beyond the pole", "no number"],
)  # fmt: skip
def test_a_place_that_makes_no_sense_is_not_offered(gps: dict[int, Any]) -> None:
    exif = Image.Exif()
    exif.get_ifd(GPS).update(gps)
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG", exif=exif)
    [kept], unfit = pictures.prepare([pictures.File("a", io.BytesIO(out.getvalue()))])
    assert (kept.position, unfit) == (None, [])


def test_south_and_west_are_below_zero() -> None:
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "S", 2: (10.0, 30.0, 0.0), 3: "W", 4: (20.0, 0.0, 36.0)})
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG", exif=exif)
    [kept], _ = pictures.prepare([pictures.File("a", io.BytesIO(out.getvalue()))])
    assert kept.position == (-20.01, -10.5)


@pytest.mark.parametrize(("content", "code"), [(SVG, "photo_not_readable"), (bomb(), "photo_too_many_pixels"), (b"", "photo_not_readable"), (b"PK\x03\x04" + b"0" * 99, "photo_not_readable")], ids=["svg", "bomb", "empty", "zip"])  # fmt: skip
def test_nothing_but_a_photo_is_taken(street: Street, content: bytes, code: str) -> None:
    answer = upload(street, street.repair(), content)
    assert (answer.status_code, [one["code"] for one in answer.json()["errors"]]) == (422, [code])


def test_other_bodies_are_refused(street: Street) -> None:
    repair = street.repair()
    assert upload(street, repair).status_code == 422
    with street.service.as_("workshop") as client:
        address = f"/api/v1/repairs/{repair['id']}/photos"
        assert client.post(address, json={}).status_code == 415
        assert client.post(address, data={"photo": "x"}).status_code == 422
        assert client.post(address, content=b"-", headers={"Content-Type": "multipart/form-data"}).status_code == 400  # fmt: skip
        large = b"x" * (pictures.MAX_BODY_BYTES + 1)
        assert client.post(address, content=large, headers={"Content-Type": "multipart/form-data; boundary=x"}).status_code == 413  # fmt: skip


def test_photos_of_one_repair_are_bounded(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MOST_OF_A_REPAIR", 3)
    repair = street.repair()
    assert len(upload(street, repair, picture(), picture()).json()["photos"]) == 2
    last = upload(street, repair, picture(), picture()).json()
    assert (len(last["photos"]), [one["code"] for one in last["left_out"]]) == (1, ["photos_too_many"])
    assert upload(street, repair, picture()).json()["errors"][0]["code"] == "photos_too_many"
    assert len(behind_the_door(street, repair)) == 3


def test_the_same_upload_again_is_kept_once(street: Street) -> None:
    repair = street.repair()
    key = {"Idempotency-Key": f"photo-{street.x}"}
    first, second = (upload(street, repair, picture(), **key).json() for _ in range(2))
    assert first == second and len(behind_the_door(street, repair)) == 1


@pytest.mark.parametrize("role", ROLES)
def test_photos_are_added_by_those_who_change_repairs(street: Street, role: str) -> None:
    status = upload(street, street.repair(), picture(), role=role).status_code
    assert status == (201 if role in PERMISSIONS["write repairs"] else 403)
