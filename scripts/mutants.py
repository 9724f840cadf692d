"""Puts small faults into the code, one at a time, and says which of them no test notices.

    .venv/bin/python scripts/mutants.py --base main~1                            # forty faults in what changed since then
    .venv/bin/python scripts/mutants.py --rooms domain,store --most 20 --seed 1  # twenty of each room
    .venv/bin/python scripts/mutants.py --table .tools/mutants.jsonl             # what came of an earlier run

It works on HEAD, in a copy under .tools/mutants: the checkout itself is never touched. How to read what it says: docs/how-to/mutants.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rich.console import Console

from scripts.faults import PROJECT, Fault, changed_since, faults_in, git, spread
from scripts.played import Copy

ROOMS: dict[str, tuple[str, ...]] = {
    "domain": ("unit", "detection", "coordination"),
    "detection": ("detection", "coordination"),
    "coordination": ("coordination", "api", "intake"),
    "store": ("store", "intake", "api"),
    "alerts": ("alerts", "api"),
    "bench": ("bench",),
    "cli": ("ops",),
    "demo": ("unit",),
}
"""Where the tests of a room are, the nearest first, if not only in a folder of its name."""
SEVERAL_ROOMS = (
    "tests/viewer/",
    "tests/client/",
    "tests/bench/",
    "tests/races/",
    "tests/precision/",
    "tests/intake/",
)
"""What names a module of another room there is slow, and looks at everything at once."""

TIMED = ("tests/viewer/test_live.py",)
"""What counts requests within seconds: a busy machine makes it red by itself."""
SAID = ("elsewhere", "equivalent")
"""What somebody who looked at a survivor adds to its line: the test that does notice, or why nothing changes."""
NEEDS_DEMO = re.compile("demo_server|demo_template|viewer_url")
"""Other code would have the demo city made again, which takes minutes."""


def tests_of(fault: Fault, copy: Copy, budget_s: float) -> list[str]:
    """The tests that run the line, where that was recorded (`scripts/touched.py`), as long as the budget lasts: first the quick ones of near
    rooms whose names have words of the line. Then the files that are near by their name: a value that is kept once made was recorded for
    its first test only.
    """
    room = fault.file.parts[1] if len(fault.file.parts) > 2 else "ops"
    folders = [f"tests/{one}/" for one in ROOMS.get(room, (room,))]

    words = _stems(f"{fault.file.stem} {fault.before}")

    def worth(test: str) -> float:
        near = any(test.startswith(folder) for folder in folders) + test.startswith(folders[0])
        return copy.seconds_of(test) / (1 + near + 2 * len(words & _stems(test)))

    tests: list[str] = []
    left_s = budget_s
    for test in sorted(copy.tests_at(fault), key=lambda test: (worth(test), test)):
        left_s -= copy.seconds_of(test)
        if tests and left_s < 0:
            break
        tests.append(test)
    played = {test.partition("::")[0] for test in tests}
    more = files_near(fault.file, copy, left_s) if not tests or left_s > 0 else []
    return tests + [file for file in more if file not in played or file.startswith(folders[0])]


def _stems(text: str) -> set[str]:
    """The beginnings of its words, so that plurals and cases meet."""
    return {word[:5].lower() for word in re.findall(r"[A-Za-z]{4,}", text)} - {"tests", "test"}


def files_near(file: Path, copy: Copy, budget_s: float) -> list[str]:
    """The test files that name a module, then those of its room, which speak of it most in the least time first, as long as the budget lasts.

    Those of its room that name it are played whatever they take.
    """
    module = ".".join(file.with_suffix("").parts)
    parent, _, name = module.rpartition(".")
    named = re.compile(rf"{re.escape(module)}\b|from {re.escape(parent)} import [^\n]*\b{re.escape(name)}\b")
    room = file.parts[1] if len(file.parts) > 2 else "ops"
    folders = [f"tests/{one}/" for one in ROOMS.get(room, (room,))]
    subjects = {re.escape(name.split("_")[0].removesuffix("s"))}
    if file.suffix == ".js":  # `screens/repairs/words.js` speaks of repairs
        subjects.add(re.escape(file.parent.name.removesuffix("s")))
    ranked = []
    for path, text in copy.test_files():
        own = next((rank for rank, folder in enumerate(folders) if path.startswith(folder)), len(folders))
        is_named = named.search(text) is not None
        elsewhere = own == len(folders) and (not is_named or path.startswith(SEVERAL_ROOMS))
        if elsewhere or path in TIMED or (file.suffix != ".js" and NEEDS_DEMO.search(text)):
            continue
        speaks = len(re.findall(rf"(?i)({'|'.join(subjects)})", text))
        worth = (1 + speaks) * text.count("def test_") / copy.seconds_of(path)
        ranked.append((not is_named or own > 1, own, -worth, path))
    tests: list[str] = []
    left_s = budget_s
    for is_elsewhere, own, _, path in sorted(ranked):
        is_own = own == 0 and not is_elsewhere
        if is_own or not tests or copy.seconds_of(path) <= left_s:
            tests.append(path)
            left_s -= copy.seconds_of(path)
    return tests


def chosen_by_hand(file: str) -> dict[str, list[str]]:
    """The tests of each fault, by `path:line`."""
    lines = [line.split() for line in Path(file).read_text(encoding="utf-8").splitlines()]
    return {line[0]: line[1:] for line in lines if line}


def main() -> int:
    """Each fault with what came of it; exit code 1 when some survive."""
    options = _options().parse_args()
    out = Console(soft_wrap=True, highlight=False)
    if options.table:
        for line in table([json.loads(line) for line in options.table.read_text().splitlines()]):
            out.print(line, markup=False)
        return 0
    if options.replay:
        rows = [json.loads(line) for line in options.replay.read_text().splitlines()]
        sample = [fault for row in rows if row["outcome"] == "survived" and (fault := _as_now(row))]
    elif options.rooms:
        by_room = [spread(faults_in(room), options.most, options.seed) for room in options.rooms.split(",")]
        sample = [
            fault for round_ in zip_longest(*by_room) for fault in round_ if fault
        ]  # each room has its turn
    else:
        sample = spread(changed_since(options.base), options.most, options.seed)
    if options.list:
        for fault in sample:
            out.print(f"{fault.kind:8} {fault}", markup=False)
        return 0
    options.results.parent.mkdir(parents=True, exist_ok=True)
    os.nice(options.nice)
    with Copy(PROJECT / ".tools" / options.copy) as copy:
        return _play(sample, copy, options, out)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--base", default="HEAD~1", help="what changed since this commit")
    options.add_argument("--rooms", help="in whole rooms instead: domain,store")
    options.add_argument(
        "--most", type=int, default=40, help="so many faults (of each room), over all files and kinds"
    )
    options.add_argument("--seed", type=int, default=1, help="another seed takes other faults")
    options.add_argument("--budget", type=float, default=60, help="seconds of tests for one fault")
    options.add_argument("--minutes", type=float, default=600, help="no fault is begun later than this")
    options.add_argument(
        "--results",
        type=Path,
        default=PROJECT / ".tools" / "mutants.jsonl",
        help="JSON lines; those in it are not played again",
    )
    options.add_argument("--copy", default="mutants", help="another name plays beside an earlier run")
    options.add_argument("--nice", type=int, default=10, help="how far behind everything else on the machine")
    options.add_argument("--replay", type=Path, help="the survivors in these results, with the tests of now")
    options.add_argument(
        "--tests",
        type=chosen_by_hand,
        default={},
        help="a file of lines `path:line test test …`: what to play for these faults",
    )
    options.add_argument("--table", type=Path, help="only count what is in these results")
    options.add_argument("--list", action="store_true", help="only show the faults")
    return options


def _play(sample: list[Fault], copy: Copy, options: argparse.Namespace, out: Console) -> int:
    until = time.monotonic() + options.minutes * 60
    earlier = _results(options.results)
    rows = [earlier[fault.key] for fault in sample if fault.key in earlier]
    for fault in sample:
        if fault.key in earlier or time.monotonic() > until:
            continue
        row = _row(fault, copy, options)
        rows.append(row)
        with options.results.open("a", encoding="utf-8") as results:
            results.write(json.dumps(row, ensure_ascii=False) + "\n")
        by = f"   ({row['by']})" if row["by"] else ""
        by += f"   (red without it too: {', '.join(row['unsound'])})" if row["unsound"] else ""
        out.print(f"{row['outcome']:8} {row['seconds']:4.0f} s {fault}{by}", markup=False)
    for line in table(rows):
        out.print(line, markup=False)
    if len(rows) < len(sample):
        out.print(f"{len(sample) - len(rows)} are left for a later run")
    return 1 if any(row["outcome"] == "survived" and row.keys().isdisjoint(SAID) for row in rows) else 0


def _as_now(row: dict[str, Any]) -> Fault | None:
    """The fault of an earlier result, where its line stands in HEAD; None when the line went."""
    lines = git("show", f"HEAD:{row['file']}").splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if line == row["before"]]
    if not numbers:
        return None
    number = min(numbers, key=lambda one: abs(one - row["line"]))
    return Fault(Path(row["file"]), number, row["kind"], row["before"], row["after"])


def _row(fault: Fault, copy: Copy, options: argparse.Namespace) -> dict[str, Any]:
    start = time.monotonic()
    tests = options.tests.get(f"{fault.file}:{fault.line}") or tests_of(fault, copy, options.budget)
    red = copy.first_red(tests, fault)
    return {
        "seed": options.seed, "room": fault.file.parts[1], "file": str(fault.file), "line": fault.line, "kind": fault.kind,
        "before": fault.before, "after": fault.after, "outcome": "caught" if red else "survived", "by": red,
        "seconds": round(time.monotonic() - start, 1), "tests": tests, "unsound": copy.unsound,
    }  # fmt: skip


def _results(path: Path) -> dict[tuple[str, int, str, str], dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows = [json.loads(line) for line in lines]
    return {(row["file"], row["line"], row["before"], row["after"]): row for row in rows}


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Rooms with what was played, as a table in Markdown."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        outcome = next((word for word in SAID if word in row), row["outcome"])
        counts.update((room, column) for room in (row["room"], "all") for column in ("faults", outcome))
    rooms = [*dict.fromkeys(row["room"] for row in rows), "all"]
    columns = ("faults", "caught", *SAID, "survived")
    lines = [f"| room | {' | '.join(columns)} |", "| --- |" + " --- |" * len(columns)]
    return lines + [f"| {room} | {' | '.join(str(counts[room, one]) for one in columns)} |" for room in rooms]


if __name__ == "__main__":
    sys.exit(main())
