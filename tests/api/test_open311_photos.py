"""Photos of citizens: several, kept without what the camera wrote, seen by who may; and no part of a report ever costs the report."""

from __future__ import annotations

import io
import random
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from geo_service.domain.permissions import PERMISSIONS
from geo_service.domain.roles import ROLES
from geo_service.open311 import photos
from tests.api.open311 import PATH, Site, repair_of, text
from tests.api.scenario import Street
from tests.serving import STREET, TO_WGS84, Service

GPS, ORIENTATION, CAMERA = 0x8825, 0x0112, 0x0110


@pytest.fixture
def site(service: Service) -> Site:
    """A site with a key of the role reporter."""
    return Site(service)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **extra: Any) -> bytes:
    """A photo with the place where it was taken, lying on its side: red above, blue below, once it is turned upright."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = 6, "Zonderling 12"
    place = exif.get_ifd(GPS)
    place[1], place[2], place[3], place[4] = "N", (50.0, 54.0, 54.72), "E", (3.0, 12.0, 47.16)
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **extra)
    return out.getvalue()


def upload(site: Site, x: float, *files: tuple[str, bytes], form: str = "json", **fields: str) -> httpx.Response:  # fmt: skip
    """POST a report as a form of a browser sends it."""
    lon, lat = TO_WGS84.transform(STREET[0] + x, STREET[1] + 1)
    told = {"api_key": site.service.keys["reporter"], "service_code": "pothole", "lat": f"{lat:.7f}", "long": f"{lon:.7f}", "description": "Put é", **fields}  # fmt: skip
    parts = [("media", (name, content, "image/jpeg")) for name, content in files]
    with site.service.as_(None) as client:
        return client.post(f"{PATH}/requests.{form}", data=told, files=parts or {"x": ("", b"")}, headers={"Accept-Language": "en"})  # fmt: skip


def filed(answer: httpx.Response) -> tuple[str, str | None]:
    """The id of the request, and what was said to be left out."""
    assert answer.status_code == 200, answer.text
    [one] = answer.json()
    return one["service_request_id"], one["service_notice"]


def kept(street: Street, request: str, role: str = "workshop") -> list[Image.Image]:
    with street.service.as_(role) as client:
        answers = [client.get(one["url"]) for one in repair_of(street, request)["photos"]]
    assert all(answer.status_code == 200 for answer in answers)
    return [Image.open(io.BytesIO(answer.content)) for answer in answers]


def test_photos_are_kept_upright_and_without_where_they_were_taken(street: Street, site: Site) -> None:
    request, notice = filed(upload(site, street.x + 20, ("a.jpg", picture()), ("b.png", picture("PNG")), ("c.webp", picture("WEBP", quality=90))))  # fmt: skip

    assert notice is None
    found = kept(street, request)
    assert [(one.format, one.size) for one in found] == [("JPEG", (40, 60))] * 3
    for one in found:
        assert dict(one.getexif()) == {} and "exif" not in one.info
        red, _, blue = one.convert("RGB").getpixel((20, 5))  # type: ignore[misc]
        assert red < 100 < blue
    assert repair_of(street, request)["description"] == "Put é"


def test_a_large_photo_is_made_smaller(street: Street, site: Site) -> None:
    request, _ = filed(upload(site, street.x + 20, ("a.jpg", picture(size=(4000, 3000)))))
    [one] = repair_of(street, request)["photos"]
    assert (one["width"], one["height"]) == (1440, 1920)


def test_photos_are_seen_by_those_who_call_people_back_only(street: Street, site: Site) -> None:
    request, _ = filed(upload(site, street.x + 20, ("a.jpg", picture())))
    repair = repair_of(street, request)
    [photo] = repair["photos"]
    seen = {}
    for role in ROLES:
        with street.service.as_(role) as client:
            answer = client.get(photo["url"])
            seen[role] = answer.status_code
            if role not in PERMISSIONS["see reporter"]:
                assert photo["id"] not in client.get(f"/api/v1/repairs/{repair['id']}").text
                assert b"JFIF" not in answer.content
    assert seen == {role: 200 if role in PERMISSIONS["see reporter"] else 403 for role in ROLES}
    with street.service.as_(None) as stranger:
        assert stranger.get(photo["url"]).status_code == 401
    assert photo["id"] not in site.get(f"requests/{request}.json").text


def test_a_photo_cannot_be_run_as_anything_else(street: Street, site: Site) -> None:
    """A script that hides behind a picture is not in what is kept, and the browser is told not to guess."""
    hidden = picture() + b"<script>alert(1)</script>"
    request, notice = filed(upload(site, street.x + 20, ("a.html", hidden)))
    assert notice is None
    repair = repair_of(street, request)
    with street.service.as_("workshop") as workshop:
        answer = workshop.get(repair["photos"][0]["url"])
        elsewhere = workshop.get(
            f"/api/v1/repairs/{street.repair()['id']}/photos/{repair['photos'][0]['id']}"
        )
        nowhere = workshop.get(f"/api/v1/repairs/{repair['id']}/photos/{uuid4()}")
    assert b"script" not in answer.content
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    assert (elsewhere.status_code, nowhere.status_code) == (404, 404)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NOISE = random.Random(311).randbytes(5000)


def bomb() -> bytes:
    """A PNG of a few kilobytes that takes 100 million pixels."""
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.svg", SVG, "a.svg: is no photo that we can read (JPEG, PNG, WEBP)"),
        ("a.gif", b"GIF89a" + NOISE, "a.gif: is no photo"),
        ("a.jpg", b"", "a.jpg: is no photo"),
        ("half.jpg", picture(size=(900, 900))[:3000], "half.jpg: is no photo"),
        ("noise.jpg", picture()[:200] + NOISE, "noise.jpg: is no photo"),
        ("bomb.png", bomb(), "bomb.png: has more than 64000000 pixels"),
        ("huge.jpg", picture() + b"x" * photos.MAX_BYTES, f"huge.jpg: is larger than {photos.MAX_BYTES} bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_photo_that_cannot_be_kept_does_not_cost_the_report(
    street: Street, site: Site, name: str, content: bytes, said: str
) -> None:
    request, notice = filed(upload(site, street.x + 20, (name, content), ("good.jpg", picture())))
    assert notice is not None and notice.startswith(
        f"Your report was kept. Left out, or not kept whole: {said}"
    )
    assert len(kept(street, request)) == 1


def test_more_photos_than_are_kept_are_named(street: Street, site: Site) -> None:
    request, notice = filed(upload(site, street.x + 20, *((f"{n}.jpg", picture()) for n in range(7))))
    assert notice is not None
    assert notice.endswith("5.jpg: at most 5 photos of one report are kept; 6.jpg: at most 5 photos of one report are kept")  # fmt: skip
    assert len(kept(street, request)) == 5


def test_a_form_without_a_chosen_file_is_a_report_without_photos(street: Street, site: Site) -> None:
    request, notice = filed(upload(site, street.x + 20))
    assert (notice, repair_of(street, request)["photos"]) == (None, [])


def test_the_same_report_again_keeps_its_photos_once(street: Street, site: Site) -> None:
    again = {"attribute[fixmystreet_id]": f"p{street.x}"}
    requests = {filed(upload(site, street.x + 20, ("a.jpg", picture()), **again))[0] for _ in range(2)}
    assert len(requests) == 1
    assert len(kept(street, requests.pop())) == 1


def test_a_message_may_bring_photos_and_says_which(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)
    told = {
        "api_key": site.service.keys["reporter"],
        "service_request_id": request,
        "update_id": f"m{street.x}",
    }
    with site.service.as_(None) as client:
        answer = client.post(f"{PATH}/servicerequestupdates.json", data=told, files={"media": ("a.jpg", picture())})  # fmt: skip
    assert answer.status_code == 200, answer.text
    repair = repair_of(street, request)
    assert [one["message_id"] for one in repair["photos"]] == [answer.json()[0]["update_id"]]


@pytest.mark.parametrize("form", ["xml", "json"])
def test_several_addresses_of_photos_are_kept(street: Street, site: Site, form: str) -> None:
    """As FixMyStreet sends them with `multi_photos`."""
    sent = ["https://a.example/1.jpg", "https://a.example/2.jpg", "https://a.example/1.jpg"]
    answer = site.file(street.x + 20, form=form, media_url=sent)
    request = filed(answer)[0] if form == "json" else text(answer, "request/service_request_id")
    assert repair_of(street, request)["reporter"]["media_url"] == sent[:2]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"description": "x" * 4001}, "description: at most 4000 characters"),
        ({"email": "x" * 1001}, "email: at most 1000 characters"),
        ({"first_name": "a\x00"}, "first_name: contains a NUL character"),
        ({"media_url": "file:///etc/passwd"}, "media_url: must be an http or https address"),
        ({"media_url": ["http://[x", "https://a.example/1.jpg"]}, "media_url: must be an http or https address"),
        ({"media_url": [f"https://a.example/{n}.jpg" for n in range(12)]}, "media_url: more than 10 of them"),
        ({"attribute[extent]": "huge"}, "attribute[extent]: must be one of spot, section"),
        ({"attribute[hindrance]": ["dangerous", "?"]}, "attribute[hindrance]: must be one of none, hinders, dangerous"),
        ({"x" * 1001: "1"}, f"{'x' * 60}: at most 1000 characters"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_part_that_cannot_be_kept_does_not_cost_the_report(
    street: Street, site: Site, fields: dict[str, Any], said: str
) -> None:
    request, notice = filed(site.file(street.x + 20, form="json", **fields))
    assert notice == f"Your report was kept. Left out, or not kept whole: {said}"
    assert repair_of(street, request)["status"] == "requested"


@pytest.mark.parametrize(
    "fields",
    [
        {"description": ["Put", "voor de deur"]},
        {"first_name": ["Jan", "Jan"], "last_name": ["Peeters", "Zonderling"]},
        {"email": ["a@example.org", "b@example.org"]},
        {"service_code": ["pothole", "pothole"]},
    ],
    ids=str,
)
def test_what_is_said_twice_is_kept_twice_and_no_reason_to_refuse(
    street: Street, site: Site, fields: dict[str, Any]
) -> None:
    request, notice = filed(site.file(street.x + 20, form="json", **fields))
    repair = repair_of(street, request)
    told = f"{repair['description']} {repair['reporter']} {repair['category']}"
    assert notice is None
    assert all(value in told for values in fields.values() for value in values)


@pytest.mark.parametrize("content", [b"Caf%E9", "Café".encode()], ids=["Windows-1252", "raw UTF-8"])
def test_letters_of_another_encoding_do_not_cost_the_report(
    street: Street, site: Site, content: bytes
) -> None:
    lon, lat = TO_WGS84.transform(STREET[0] + street.x + 20, STREET[1] + 1)
    body = f"api_key={site.service.keys['reporter']}&service_code=other&lat={lat}&long={lon}&description=".encode()
    with site.service.as_(None) as client:
        answer = client.post(f"{PATH}/requests.json", content=body + content, headers={"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert repair_of(street, filed(answer)[0])["description"] == "Café"
