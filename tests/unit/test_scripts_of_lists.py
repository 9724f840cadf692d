"""What the lists of the viewer say and in which order, in Node."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.test_scripts import evaluated, in_dutch

TODAY = "2026-12-05"
REPAIR = {"id": "1", "number": "H-1", "status": "requested", "planned": None, "urgency": "normal", "held": False, "reported_at": "2026-12-01T09:00:00Z", "category": "pothole", "scope": "spot", "area_m2": None}  # fmt: skip
ADVICE = {"verdict": "repair", "title": "Herstel", "blocked": False, "until": None}


def item(
    name: str, *, changed: Any = None, stop: int | None = None, advice: Any = None, **repair: Any
) -> Any:
    return {"name": name, "changed": changed, "stop": stop, "advice": {**ADVICE, **(advice or {})}, "repair": {**REPAIR, **repair}}  # fmt: skip


def planned(starts_on: str, ends_on: str) -> dict[str, Any]:
    return {"status": "scheduled", "planned": {"starts_on": starts_on, "ends_on": ends_on}}


def grouped(*items: Any) -> dict[str, list[str]]:
    groups = f"Object.fromEntries([...m.inGroups({json.dumps(items)}, '{TODAY}')].map(([group, all]) => [group, all.map(one => one.name)]))"
    return {name: names for name, names in evaluated("screens/repairs/groups.js", groups).items() if names}


def test_a_repair_of_the_worklist_stands_in_the_first_group_that_it_fits() -> None:
    assert grouped(
        item("changed and late", changed={}, **planned("2026-12-01", "2026-12-02")),
        item("begun without days", status="in_progress"),
        item("first day", **planned(TODAY, "2026-12-06")),
        item("last day", **planned("2026-12-04", "2026-12-06")),
        item("ended yesterday", **planned("2026-12-04", TODAY)),
        item("tomorrow", **planned("2026-12-06", "2026-12-07")),
        item("held with days", held=True, **planned("2026-12-06", "2026-12-08")),
        item("held", held=True),
        item("done with days", planned={"starts_on": TODAY, "ends_on": "2026-12-06"}),
        item("open"),
    ) == {
        "changed": ["changed and late"],
        "today": ["last day", "first day", "begun without days"],
        "late": ["ended yesterday"],
        "open": ["done with days", "open"],
        "planned": ["tomorrow", "held with days"],
        "held": ["held"],
    }


def test_danger_stands_first_then_the_tour_then_what_is_free_soonest_then_what_waits_longest() -> None:
    open_ = [
        item("waits short", reported_at="2026-12-03T09:00:00Z"),
        item("waits long", reported_at="2026-12-02T09:00:00Z"),
        item("free late", advice={"until": "2027-03-01"}),
        item("free soon", advice={"until": "2027-02-01"}),
        item("stop 10", stop=10),
        item("stop 2", stop=2),
        item("danger, no stop", urgency="danger"),
        item("danger, stop 0", urgency="danger", stop=0),
    ]
    assert grouped(*open_) == {
        "open": ["danger, stop 0", "danger, no stop", "stop 2", "stop 10", "free soon", "free late", "waits long", "waits short"]
    }  # fmt: skip


def test_what_a_crew_can_do_with_a_repair_the_first_thing_first() -> None:
    blocked = {"blocked": True, "verdict": "wait"}
    scenes = [
        item("", status="in_progress"),
        item("", status="scheduled"),
        item("", status="scheduled", advice=blocked),
        item("", status="scheduled", urgency="danger", advice=blocked),
        item("", status="scheduled", urgency="danger", advice={"blocked": True, "verdict": "make_safe"}),
        item("", status="requested"),
        item("", status="requested", advice=blocked),
        item("", status="done"),
        {**item("", status="in_progress"), "waits": ["finish"]},
        {**item("", status="requested"), "waits": ["photo"]},
    ]
    assert evaluated("screens/repairs/steps.js", f"{json.dumps(scenes)}.map(m.stepsOf)") == [
        ["finish"], ["start", "plan"], ["plan", "make_safe", "ask"], ["plan", "ask"], ["start", "plan"], ["plan"], ["plan", "make_safe", "ask"], [], [], ["plan"],
    ]  # fmt: skip


def test_the_verdict_of_the_worklist_is_careful_where_data_are_old_and_blocks_what_has_days() -> None:
    blocked = {"blocked": True, "verdict": "wait", "title": "Wacht"}
    released = {"changed": {"type": "repair.released"}}
    scenes = [
        (item("", advice=blocked), True),
        (item("", status="scheduled", advice=blocked), False),
        (item("", status="scheduled", advice={**blocked, "verdict": "make_safe", "title": "Veilig"}), False),
        (item("", **released), True),
        (item("", **released, advice=blocked), False),
        (item("", changed={"type": "repair.blocked"}), False),
        (item(""), True),
    ]
    said = f"{json.dumps(scenes)}.map(([item, isStale]) => m.judgement(item, isStale)).map(({{look, title, icon}}) => [look, title, icon])"
    looks = evaluated("screens/repairs/words.js", said)
    assert [title for _, title, _ in looks] == ["Wacht", "verdict.blocked.title", "Veilig", "check.provisional", "Wacht", "Herstel", "check.provisional"]  # fmt: skip
    assert (looks[1][::2], looks[3][::2]) == (["v-block", "block"], ["v-repair", "unlock"])
    assert looks[2][0] not in ("v-block", "v-repair")


def test_when_a_repair_is_done_or_comes_free() -> None:
    scenes = [
        item("", status="in_progress"),
        item("", held=True, advice={"until": "2026-12-07"}),
        item("", held=True, advice={"until": TODAY}),
        item("", advice={"until": "2026-12-07"}),
        item("", **{**planned("2026-12-06", "2026-12-08"), "status": "done"}),
        item("", **planned("2026-12-06", "2026-12-07")),
        item("", **planned("2026-12-06", "2026-12-08")),
    ]
    days = "[i.day('2026-12-06'), i.period('2026-12-06', '2026-12-08')]"
    said = f"await import(url + '/i18n.js').then(i => [...{json.dumps(scenes)}.map(one => m.timing(one, '{TODAY}')), ...{days}])"
    begun, held, free, waits, done, one_day, two_days, *known = in_dutch("screens/repairs/words.js", said)
    assert begun == "Bezig"
    assert "2" in held and held != waits
    assert free == waits == done
    assert "4" in waits
    assert [one_day, two_days] == known


def test_a_case_is_named_by_its_houses_its_rules_and_its_amount() -> None:
    place = {"street": "Gentsestraat", "number_from": 30, "number_to": 36, "side": "even"}
    case = {"place": place, "rules": ["wasted_repair", "works_clash"], "owners": ["Stad", "Wyre"], "eur": 0, "opportunity": False, "due_on": None, "decide_by": "2027-01-02"}  # fmt: skip
    said = f"(one => [m.caseName(one), m.caseName({{...one, place: null}}), m.caseMatter({{...one, rules: one.rules.slice(0, 1)}}), m.caseMatter({{...one, owners: []}}), m.caseAmount(one), m.caseAmount({{...one, eur: 5}}), m.caseAmount({{...one, eur: 5, opportunity: true}}), m.lastDay(one), m.lastDay({{...one, due_on: '2027-01-01'}})].map(text => text.replace(/\\s/g, ' ')))({json.dumps(case)})"
    name, nowhere, matter, rules, nothing, amount, saving, *days = in_dutch("screens/cases/words.js", said)
    assert (name, matter) == ("Gentsestraat 30–36, even zijde", "Verspilde herstelling · Stad × Wyre")
    assert (
        rules.startswith("Verspilde herstelling, ")
        and "works_clash" not in rules
        and not rules.endswith(" · ")
    )
    assert (nothing, amount) == ("", "€ 5")
    assert "€ 5" in saving and saving != amount and nowhere
    assert days == ["2027-01-02", "2027-01-01"]


def test_a_defect_is_named_by_what_it_is_and_how_large() -> None:
    said = f"[12, 0, null].map(area_m2 => m.defect({{...{json.dumps(REPAIR)}, area_m2}}))"
    large, *small = in_dutch("screens/repairs/words.js", said)
    assert small == ["Put, plek · H-1"] * 2
    assert large.replace("\u00a0", " ") == "Put, plek · 12 m² · H-1"
    before = "[{data: {}}, {data: {previous: {verdict: 'wait', until: '2027-01-12'}}}, {data: {previous: {verdict: 'combine'}, works: {owner: 'Wyre'}}}].map(m.formerly)"
    none, wait, talk = in_dutch("screens/repairs/words.js", before)
    assert none == ""
    assert "12 jan" in wait
    assert "Wyre" in talk
    assert "{" not in wait + talk


def test_figures_of_a_conflict_leave_out_what_is_nothing() -> None:
    nothing = {"distance_m": 0, "overlap_m2": 0, "lost_m2": 0, "overlap_days": 0, "gap_days": 0, "probability": 0, "saving_eur": 0, "cost_at_risk_eur": 0}  # fmt: skip
    some = {"lost_m2": 1, "overlap_days": 1, "gap_days": 1, "saving_eur": 1}
    said = f"[{json.dumps(nothing)}, {json.dumps(some)}, {{digs: 3, distance_m: 1}}, {{distance_m: null}}].map(facts => m.figures(facts).filter(Boolean).map(([head]) => head))"
    assert evaluated("screens/detail/figures.js", said) == [
        ["facts.distance", "facts.overlap", "facts.probability"],
        ["facts.lost", "facts.overlap_days", "facts.gap_days", "facts.saving"],
        ["facts.digs"],
        [],
    ]
    shares = "[{overlap_m2: 2, lost_m2: 1}, {overlap_m2: 2, overlap_share: 0.5}, {lost_m2: 1, lost_share: 0.25}].map(facts => m.figures(facts).filter(Boolean).map(([, , share]) => share))"
    alone, overlap, lost = evaluated("screens/detail/figures.js", shares)
    assert alone == [False, False]
    assert "50" in overlap[0]
    assert "25" in lost[0]


def test_an_action_of_this_device_names_its_version_where_one_counts() -> None:
    entries = [
        {"id": "a", "repair": "7", "step": step, "version": version, "body": {"x": 1}}
        for step, version in (("start", 3), ("make_safe", 0), ("finish", 4), ("finish", None), ("report", 3))
    ]
    said = f"{json.dumps(entries)}.map(m.requestOf).map(({{path, request}}) => [request.method, path, request.headers['If-Match'] ?? null, request.headers['Idempotency-Key'] + ' ' + request.headers['Content-Type'], request.body])"
    assert evaluated("outbox/requests.js", said) == [
        [method, path, version, "a application/json", '{"x":1}']
        for method, path, version in (
            ("PATCH", "/repairs/7", '"3"'),
            ("PATCH", "/repairs/7", '"0"'),
            ("POST", "/repairs/7/complete", '"4"'),
            ("POST", "/repairs/7/complete", None),
            ("POST", "/repairs", None),
        )
    ]
    photo = "m.requestOf({id: 'a', repair: '7', step: 'photo', version: 3, photo: new Blob(['x'])})"
    assert evaluated("outbox/requests.js", f"(({{path, request}}) => [request.method, path, request.headers, request.body.get('photo').name])({photo})") == ["POST", "/repairs/7/photos", {"Idempotency-Key": "a"}, "photo.jpg"]  # fmt: skip


def test_two_versions_differ_in_what_a_crew_minds() -> None:
    minded = ["status", "planned", "urgency", "category", "scope", "description", "owner", "geometry", "finished_on", "finished_scope", "area_m2", "cost_eur"]  # fmt: skip
    one = {name: {"x": 0} for name in minded}
    other = {name: {"x": 1} for name in minded}
    pairs = [[one, other], [{"version": 1}, {"version": 2, "owner": None}], [{"cost_eur": 0}, {}]]
    assert evaluated("outbox/differences.js", f"{json.dumps(pairs)}.map(([one, other]) => m.differences(one, other))") == [minded, [], ["cost_eur"]]  # fmt: skip


def test_a_list_shows_the_columns_of_its_address_else_those_of_its_reader_else_the_usual_ones() -> None:
    columns = [{"name": "place", "isFixed": True}, {"name": "what"}, {"name": "more", "isExtra": True}]
    scenes = [(None, None), ("more,nothing", None), (None, ["what"]), ("more", ["what"]), ("nothing", None), (None, [])]  # fmt: skip
    said = f"{json.dumps(scenes)}.map(([columns, own]) => m.chosenColumns({json.dumps(columns)}, 'cases', {{now: {{columns}}}}, {{current: {{preferences: {{columns_cases: own}}}}}}).map(({{name}}) => name))"
    assert evaluated("lists/columns.js", said) == [
        ["place", "what"], ["place", "more"], ["place", "what"], ["place", "more"], ["place", "what"], ["place", "what"],
    ]  # fmt: skip
    texts = "[0, false, '', null, undefined, 'a'].map(one => m.textOf({value: row => row}, one)).concat(m.textOf({value: () => 1, show: () => 2}, 0))"
    assert evaluated("lists/columns.js", texts) == ["0", "false", "–", "–", "–", "a", 2]


SERVED = "globalThis.fetch = async (path) => { asked.push(decodeURIComponent(path)); const found = answers(path); return Response.json(found); }"


def test_pages_are_read_to_the_end_or_so_far_and_each_thing_once() -> None:
    pages = "{0: {items: [{id: 1}, {repair: {id: 2}}], next: 'a&b', total: 4}, 'a&b': {items: [{repair: {id: 2}, n: 2}, {id: 3}], next: 'c', total: 9}, c: {items: [{id: 4}], next: 'd'}, d: {items: [{id: 5}], next: null}}"
    read = f"(async () => {{ const asked = []; const answers = path => ({pages})[new URL(path, 'http://x').searchParams.get('cursor') ?? 0]; {SERVED}; const all = await m.pagesOf('/x?a=1'); const some = await m.pagesOf('/x?a=1', 2); const one = await m.pagesOf('/x?a=1', 1); const three = await m.pagesOf('/x?a=1', 3); return [all, some, one, three].map(({{items, next, total}}) => [items, next, total]).concat([asked]); }})()"
    both = [{"id": 1}, {"repair": {"id": 2}, "n": 2}, {"id": 3}]
    all_, some, one, three, asked = evaluated("lists/pages.js", f"await {read}")
    assert all_ == [[*both, {"id": 4}, {"id": 5}], None, 4]
    assert three == [[*both, {"id": 4}], "d", 4]
    assert some == [both, "c", 4]
    assert one == [[{"id": 1}, {"repair": {"id": 2}}], "a&b", 4]
    assert asked[:3] == ["/api/v1/x?a=1", "/api/v1/x?a=1&cursor=a&b", "/api/v1/x?a=1&cursor=c"]
    assert len(asked) == 4 + 2 + 1 + 3


def test_a_number_in_the_address_finds_its_thing_also_when_it_is_gone_or_another_one() -> None:
    answers = "path => path.includes('search') ? {items: [{kind: 'works', id: 'w'}, ...(path.includes('H-2') ? [{kind: 'repair', id: 'later'}] : [])]} : {items: path.includes('C-1') && path.includes('expired') ? [{number: 'C-11', id: 'x'}, {number: 'C-1', id: 'gone'}] : path.includes('h-1') ? [{number: 'H-1', id: 'own'}] : []}"
    cases = "[['conflicts', 'some-id'], ['conflicts', 'C-1'], ['conflicts', 'C-2'], ['repairs', 'h-1'], ['repairs', 'H-2'], ['repairs', 'H-3'], ['conflicts', 'C-1234567890123456']]"
    read = f"(async () => {{ const asked = []; const answers = {answers}; {SERVED}; return Promise.all({cases}.map(([path, name]) => m.idOf(path, name))); }})()"
    nobody = "00000000-0000-0000-0000-000000000000"
    assert evaluated("screens/detail/numbers.js", f"await {read}") == ["some-id", "gone", nobody, "own", "later", nobody, "C-1234567890123456"]  # fmt: skip
