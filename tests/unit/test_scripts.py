"""Pure functions of the viewer, in Node: what they return does not need a page."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import geo_service
from geo_service.presentation.spreadsheets import BYTE_ORDER_MARK, FORMULA_CHARACTERS, harmless
from tests.conftest import unavailable

SCRIPTS = Path(geo_service.__file__).parent / "viewer" / "static" / "js"


def evaluated(module: str, expression: str) -> Any:
    """What an expression in the names of a module comes to."""
    node = shutil.which("node")
    if node is None:
        unavailable("node")
    result = f"const url = {json.dumps(str(SCRIPTS))}; import * as m from {json.dumps(str(SCRIPTS / module))}; const result = JSON.stringify({expression});"
    script = (
        f"{result} process.stdout.write(result, () => process.exit());"  # a module may keep a clock running
    )
    command = [str(node), "--no-warnings", "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def in_dutch(module: str, expression: str) -> Any:
    """The value of an expression with the words of the page."""
    words = SCRIPTS.parents[1] / "locales" / "nl.json"
    served = f"globalThis.fetch = async () => new Response((await import('fs')).readFileSync({json.dumps(str(words))}))"
    return evaluated(module, f"await (async () => {{ {served}; await (await import(url + '/i18n.js')).loadScreenWords('admin'); return {expression}; }})()")  # fmt: skip


def test_an_instant_of_another_day_says_its_day() -> None:
    hours = "new Date(Date.now() + {} * 3_600_000)"
    now, yesterday = hours.format(0), hours.format(-24)
    assert evaluated("i18n.js", f"m.since({now}) === m.clock({now})")
    said, moment, clock = evaluated("i18n.js", f"[m.since, m.moment, m.clock].map(say => say({yesterday}))")
    assert said == moment != clock


def test_an_instant_has_its_day_in_flanders() -> None:
    assert evaluated("i18n.js", "m.dayOf('2026-12-04T23:30:00Z')") == "2026-12-05"


def test_ids_of_actions_are_random_uuids() -> None:
    ids = evaluated("outbox/uuid.js", "[m.uuid(), m.uuid()]")
    assert [uuid.UUID(one).version for one in ids] == [4, 4]
    assert [uuid.UUID(one).variant for one in ids] == [uuid.RFC_4122] * 2
    assert len({*ids}) == 2


@pytest.mark.parametrize("instant", ["2026-12-04T23:30:00Z", "2026-12-05T22:59:00+00:00"])
def test_a_day_is_that_of_an_instant_here_not_in_greenwich(instant: str) -> None:
    said = f"[m.day('{instant}') === m.day('2026-12-05'), m.daysBetween('{instant}', '2026-12-06'), m.shiftDay('{instant}', 1), m.mondayOf('{instant}')]"
    assert evaluated("i18n.js", said) == [True, 1, "2026-12-06", "2026-11-30"]


def test_what_was_reported_this_very_day_says_so() -> None:
    item = "{{repair: {{status: 'requested', reported_at: '{}'}}, advice: {{}}}}"
    said = [
        evaluated("screens/repairs/words.js", f"m.timing({item.format(at)}, '2026-12-05')")
        for at in ("2026-12-04T23:30:00Z", "2026-12-04T22:30:00Z")
    ]
    assert said == ["repairs.reported_today", "repairs.days_waited"]


@pytest.mark.parametrize(
    ("step", "status", "urgency", "verdict"),
    [("start", "in_progress", "high", "wait"), ("make_safe", "scheduled", "danger", "make_safe"), ("photo", "scheduled", "high", "wait")],
)  # fmt: skip
def test_a_step_that_waits_shows_the_repair_as_it_will_be(
    step: str, status: str, urgency: str, verdict: str
) -> None:
    item = "{repair: {id: 1, status: 'scheduled', urgency: 'high'}, advice: {verdict: 'wait'}}"
    item = evaluated("screens/repairs/ahead.js", f"m.ahead({item}, [{{repair: 1, step: '{step}'}}])")
    assert item["waits"] == [step]
    assert (item["repair"]["status"], item["repair"]["urgency"]) == (status, urgency)
    assert item["advice"]["verdict"] == verdict


def test_only_a_request_that_waits_for_an_answer_says_until_when() -> None:
    rows = "['asked', 'yes'].map(state => m.requests.pick.row({owner: 'Fluvius', state, due_on: '2026-12-10'}).line)"
    assert evaluated("map/layers/requests.js", rows) == [
        "asked · layer.answer_by",
        "yes",
    ]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [("eur_per_m2", 120, "€ 120/m²"), ("value_eur", 5548, "€ 5.548"), ("a_m2", 120, "120 m²"), ("clearance_m", 1.5, "1,5 m"), ("a_probability", 0.85, "85 %")],
)  # fmt: skip
def test_an_input_stands_in_its_own_unit(name: str, value: float, text: str) -> None:
    assert evaluated("facts.js", f"m.inputValue('{name}', {value})").replace("\u00a0", " ") == text


def test_a_label_of_the_map_says_a_year_that_is_not_this_one() -> None:
    spec = SCRIPTS.parents[3] / "node_modules" / "@maplibre" / "maplibre-gl-style-spec" / "dist" / "index.mjs"
    if not spec.is_file():
        unavailable("node_modules")
    months = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
    label = f"(await import({json.dumps(str(spec))})).createExpression(m.dayOf('on', {months}), 'label')"
    on = "{{type: 1, properties: {{on: '{}'}}}}"
    days = [f"{date.today().year + years}-11-09" for years in (0, 1)]
    said = [
        evaluated("map/works_label.js", f"{label}.value.evaluate({{}}, {on.format(day)})") for day in days
    ]
    assert said == ["9 nov", f"9 nov {date.today().year + 1}"]


def test_a_subscription_names_its_streets_and_buildings_and_sleeps() -> None:
    filter_ = "{streets: ['Gentsestraat', 'Marktplein'], buildings: ['x']}"
    module = "screens/admin/subscriptions.js"
    assert evaluated(module, f"m.filterWords({filter_})") == "Gentsestraat, Marktplein · admin.subs.buildings"
    until = "{active: true, snoozed_until: new Date(Date.now() + %d).toISOString()}"
    said = [evaluated(module, f"m.state({until % ms})") for ms in (60_000, -60_000)]
    assert said == ["admin.subs.sleeps", "admin.subs.on"]
    off = [evaluated(module, f"m.state({{active: false, maker_left: {left}}})") for left in ("true", "false")]
    assert off == ["admin.subs.maker_left", "admin.subs.off"]


def test_facts_of_the_log_are_said_without_what_is_unknown() -> None:
    facts = "{role: 'viewer', department: null, scopes: ['*', 'works:read'], user_ids: [1, 2]}"
    said = evaluated("screens/admin/words.js", f"m.factWords({facts})")
    assert said == "role: viewer · scopes: admin.keys.everything, admin_access.read · user_ids: 1, 2"


def test_an_answer_that_breaks_off_is_no_answer() -> None:
    broken = """await (async () => {
        const server = (await import("node:http")).createServer((_, answer) => {
            answer.writeHead(200, {"Content-Type": "application/json"});
            answer.write('{"items": [');
            setTimeout(() => answer.destroy(), 50);
        });
        await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
        const ask = fetch;
        globalThis.fetch = (path, how) => ask(`http://127.0.0.1:${server.address().port}${path}`, how);
        const error = await m.get("/works").catch(error => error);
        return [error.name, error.code, m.isUnanswered(error), m.connection.downSince !== null];
    })()"""
    assert evaluated("api.js", broken) == ["Error", "network", True, True]


@pytest.mark.parametrize(
    ("status", "code", "is_down"),
    [(503, "busy", False), (503, "database_unreachable", True), (503, "", True), (502, "busy?", True), (500, "internal_error", False)],
)  # fmt: skip
def test_a_service_that_is_busy_is_there(status: int, code: str, is_down: bool) -> None:
    tried = f"""await (async () => {{
        globalThis.fetch = async () => new Response(JSON.stringify({{code: {json.dumps(code)}}}), {{status: {status}}});
        const error = await m.get("/plan").catch(error => error);
        return [error.status, m.connection.downSince !== null];
    }})()"""
    assert evaluated("api.js", tried) == [status, is_down]


def test_inputs_that_are_not_known_are_left_out() -> None:
    assert evaluated("facts.js", "m.inputsOf({facts: {inputs: {value_eur: null, life_days: null}}})") is None


def file_of(rows: list[list[Any]], delimiter: str = ";") -> str:
    """The file that the page makes of a list."""
    return str(evaluated("lists/csv.js", f"m.csvOf({json.dumps(rows)}, {json.dumps(delimiter)})"))


def test_a_spreadsheet_reads_back_the_file_of_a_list() -> None:
    rows = [["Plaats", "Waarom"], ["Gentsestraat 77–83", 'twee; "regels"\nonder elkaar'], ["Café", None]]
    text = file_of(rows)
    assert text.startswith(BYTE_ORDER_MARK)
    lines = list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""), delimiter=";"))
    assert lines == [[cell or "" for cell in row] for row in rows]


def test_no_cell_of_a_list_runs_as_a_formula_and_numbers_stay_numbers() -> None:
    texts = [*(f"{mark}1+1" for mark in FORMULA_CHARACTERS), "plain", "a=b"]
    text = file_of([[one] for one in texts] + [[-12.5]]).removeprefix(BYTE_ORDER_MARK)
    cells = [row[0] for row in csv.reader(io.StringIO(text, newline=""), delimiter=";")]
    assert cells == [*map(harmless, texts), "-12,5"]
    assert "-12.5" in file_of([[-12.5]], ",")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("12.500", 12_500), ("12.500,00", 12_500), ("€ 1 234 567,89", 1_234_567.89), ("1,234.5", 1_234.5), ("5000,50", 5_000.5), ("12.5", 12.5), ("0", 0), ("250,-", 250), ("95 euro", 95), ("EUR 1.250", 1_250), ("", None), ("12.500.00", "12.500.00"), ("1.2345", "1.2345"), ("0.500", "0.500"), ("-5", "-5"), ("veel", "veel")],
)  # fmt: skip
def test_three_digits_behind_a_point_are_thousands_of_euros_and_what_is_no_amount_is_left_to_the_service(
    typed: str, amount: float | str | None
) -> None:
    assert evaluated("amounts.js", f"m.euros({json.dumps(typed)})") == amount


@pytest.mark.parametrize(
    ("typed", "metres"),
    [("1,5", 1.5), ("1.5", 1.5), ("0,500", 0.5), ("12500", 12_500), ("12.5000", 12.5), ("2,3750", 2.375), ("12.345,5", 12_345.5), ("-2", -2), (" ", None), ("12.500", "12.500"), ("1,250", "1,250"), ("1e3", "1e3"), ("breed", "breed")],
)  # fmt: skip
def test_three_digits_behind_a_point_or_comma_of_a_measure_are_never_guessed(
    typed: str, metres: float | str | None
) -> None:
    assert evaluated("amounts.js", f"m.measure({json.dumps(typed)})") == metres


def test_a_file_says_the_last_day_as_the_screen_does() -> None:
    end = {"works": {}, "starts_on": "2026-12-29", "ends_on": "2027-01-12"}
    column = "m.COLUMNS.find(({name}) => name === 'period')"
    said = evaluated("screens/list/looks.js", f"{column}.value({{a: {json.dumps(end)}, b: {{}}}})")
    assert said == "2026-12-29/2027-01-11"


@pytest.mark.parametrize(
    ("ends", "said"),
    [((9, None), "2027-01-01"), ((None, 9), "2027-01-01"), ((9, 20), "2027-01-01/2027-01-19")],
)
def test_works_of_which_one_phase_has_no_end_have_none(ends: tuple[int | None, ...], said: str) -> None:
    phases = [
        {"starts_on": f"2027-01-{n:02}", "ends_on": end and f"2027-01-{end:02}"}
        for n, end in enumerate(ends, 1)
    ]
    column = "m.COLUMNS_OF.works.find(({name}) => name === 'period')"
    register = "screens/cases/register_columns.js"
    assert evaluated(register, f"{column}.value({{phases: {json.dumps(phases)}}})") == said


@pytest.mark.parametrize(
    ("screen", "now", "columns"),
    [("repairs", {"list": "held"}, "team,late"), ("cases", {"list": "requests"}, "owner"), ("cases", {"list": None}, None), ("overview", {"list": "held"}, "until"), ("repairs", {"columns": "late"}, "late"), ("map", {"list": "held"}, None)],
)  # fmt: skip
def test_a_view_keeps_the_columns_that_its_list_shows(
    screen: str, now: dict[str, str | None], columns: str | None
) -> None:
    chosen = {
        "columns_repairs": ["team", "late"],
        "columns_requests": ["owner"],
        "columns_held": ["until"],
    }
    values = json.dumps({"columns": None, "list": None, **now})
    said = f"m.columnsOf({json.dumps(screen)}, {values}, {json.dumps(chosen)})"
    assert evaluated("lists/views.js", said) == columns
