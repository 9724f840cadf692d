"""Settings are read from the environment, checked once, and shown without their secrets."""

import datetime as dt
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from geo_service import settings as module
from geo_service.db import database_url, read_database_url
from geo_service.setting_lines import SettingLine, describe, dutch
from geo_service.settings import InvalidSettings, Settings, load, today


def line(settings: Settings, name: str) -> SettingLine:
    return next(one for one in describe(settings) if one.name == name)


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
    assert list(dutch()) == sorted(Settings.model_fields)
    english, own = list(describe(load())), list(describe(load(), "nl"))
    assert [
        one.name for one, other in zip(english, own, strict=True) if one.description == other.description
    ] == []


def test_settings_cannot_change_after_they_are_made() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().port = 1


def test_the_environment_wins_over_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_REGION_BBOX", "3,50.8,3.3,51")
    settings = load()
    assert settings.region_bbox == (3, 50.8, 3.3, 51)
    assert line(settings, "region_bbox").origin == "environment"
    assert line(settings, "port").origin == "default"


def test_an_argument_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_PORT", "1234")
    assert load(port=8001).port == 8001


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_DATABASE_URL", "postgresql://geo:hunter2@db/geo")
    settings = load()
    assert "hunter2" not in "".join(f"{one}" for one in describe(settings)) + repr(settings)
    assert line(settings, "database_url").value == "**********"


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "geo_database_password").write_text("from-a-file\n")
    monkeypatch.setattr(module, "SECRETS_FOLDER", tmp_path)
    settings = load(database_url="postgresql://geo@db/geo")
    assert line(settings, "database_password").origin == "secret file"
    assert database_url(settings).password == "from-a-file"


def test_reads_go_to_the_database_itself_without_a_replica() -> None:
    settings = load(database_url="postgresql://geo@db/geo")
    assert read_database_url(settings) == database_url(settings)
    replica = load(database_url="postgresql://geo@db/geo", read_database_url="postgresql://geo@replica/geo")
    assert read_database_url(replica).host == "replica"


def test_the_address_for_links_follows_host_and_port() -> None:
    assert load(port=8123).base_url == "http://127.0.0.1:8123"
    assert load(base_url="https://geo.example.org/").base_url == "https://geo.example.org"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region_bbox", "1,2,3"),
        ("region_bbox", "6,50,2,51"),
        ("port", "70000"),
        ("timezone", "Europe/Izegem"),
        ("city_nis", "izegem"),
        ("today", "tomorrow"),
        ("base_url", "geo.example.org"),
        ("background_wmts", "http://images.example/{z}/{x}/{y}"),
        ("background_wmts", "https://images.example;evil.example/{z}/{x}/{y}"),
        ("background_wmts", "https://user@images.example/{z}/{x}/{y}"),
        ("background_wmts", "https://images.example/{z}/{x}"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"GEO_{name.upper()}", value)
    with pytest.raises(InvalidSettings, match=f"^GEO_{name.upper()}: [^\n;]+$"):
        load()


def test_the_demos_accounts_are_for_this_machine_only() -> None:
    with pytest.raises(InvalidSettings, match="ready-made accounts"):
        load(demo=True, host="0.0.0.0")
    assert load(demo=True, host="localhost").demo


def test_images_of_others_come_with_whose_they_are() -> None:
    address = "https://images.example/{z}/{x}/{y}"
    with pytest.raises(InvalidSettings, match="GEO_BACKGROUND_CREDIT"):
        load(background_wmts=address)
    assert (
        load(background_wmts=address, background_credit="Stad").background_origin == "https://images.example"
    )


def test_today_is_the_citys_day_unless_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert today(load(today=dt.date(2026, 3, 1))) == dt.date(2026, 3, 1)
    kiritimati, baker_island = load(timezone="Etc/GMT-14"), load(timezone="Etc/GMT+12")
    assert today(kiritimati) > today(baker_island)  # 26 hours apart: never the same day


def test_every_setting_and_no_other_is_in_the_operations_page() -> None:
    page = (Path(__file__).parents[2] / "docs/operations.md").read_text()
    documented = set(re.findall(r"^\| `(GEO_\w+)` \|", page, re.MULTILINE))
    assert documented == {f"GEO_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("name", ["GEO_DATABASE_URL", "GEO_READ_DATABASE_URL"])
def test_what_is_no_address_of_a_database_is_named_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "hush@nowhere")
    with pytest.raises(InvalidSettings, match=f"{name}: .*must be an address as postgresql://") as wrong:
        load()
    assert "hush" not in str(wrong.value)


@pytest.mark.parametrize("ill", ["23:55", "23:59:30", "07:00+01:00"])
def test_the_hour_of_the_digest_is_one_at_which_the_worker_looks(ill: str) -> None:
    assert load(digest_at="23:50").digest_at == dt.time(23, 50)
    with pytest.raises(InvalidSettings, match="23:50"):
        load(digest_at=ill)


@pytest.mark.parametrize("ill", ["mysql://geo@db/geo", "nonsense", "http://db/geo"])
def test_the_address_of_a_database_is_one_of_postgresql(ill: str) -> None:
    assert database_url(load(database_url="postgres://geo@db/geo")).host == "db"
    with pytest.raises(InvalidSettings, match="GEO_DATABASE_URL: must be an address as postgresql://"):
        load(database_url=ill)
