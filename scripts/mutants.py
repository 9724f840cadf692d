"""Puts small faults into what changed since a git base, one at a time, and says which of them no test notices.

    .venv/bin/python scripts/mutants.py --base main~1            # forty faults, spread over the changed lines
    .venv/bin/python scripts/mutants.py --base v1.0 --most 200

It works on HEAD, in a copy under .tools/mutants: the checkout itself is never touched. How to read what it says: docs/how-to/mutants.md.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

PROJECT = Path(__file__).parent.parent
COPY = PROJECT / ".tools" / "mutants"
ROOMS = {"domain": "unit", "bench": "bench", "cli": "ops", "demo": "unit"}
"""Where the tests of a room are, if not in a folder of its name."""
SLOWER = 4
LEAST_S = 120

COMPARED = ((r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "))
CHANGES: dict[str, tuple[tuple[str, str], ...]] = {
    ".py": (
        *COMPARED, (r" == ", " != "), (r" != ", " == "), (r" and ", " or "), (r" or ", " and "), (r"\bnot ", ""), (r"\bTrue\b", "False"),
        (r"\bFalse\b", "True"), (r" \+ ", " - "), (r" - ", " + "), (r"\bmin\(", "max("), (r"\bmax\(", "min("), (r"\bany\(", "all("),
        (r"\ball\(", "any("), (r" in ", " not in "), (r"\breturn (?!None)\S.*", "return None"), (r"\bcontinue\b", "break"),
    ),
    ".sql": (
        *COMPARED, (r"\bAND\b", "OR"), (r"\bOR\b", "AND"), (r"\bNOT ", ""), (r" = ", " <> "), (r"\bLEFT JOIN\b", "JOIN"), (r"\bmin\(", "max("),
        (r"\bmax\(", "min("), (r"\bIS NULL\b", "IS NOT NULL"), (r" DESC\b", ""), (r"\bUNION ALL\b", "UNION"), (r" && ", " &< "),
    ),
    ".js": (
        *COMPARED, (r" === ", " !== "), (r" !== ", " === "), (r" && ", " || "), (r" \|\| ", " && "), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
        (r"!(?=\w)", ""), (r" \+ ", " - "), (r"\breturn \S.*;", "return undefined;"),
    ),
}  # fmt: skip
"""A pattern and what stands in its place: the faults that people make."""
LEFT_ALONE = re.compile(r'^\s*(#|--|//|\*|/\*|"""|import |from |@|raise |log\.|class |def )|^\s*$')


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault."""

    file: Path
    line: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.before.strip()}  →  {self.after.strip()}"


def git(*words: str) -> str:
    """What git says."""
    return subprocess.run(["git", *words], cwd=PROJECT, check=True, capture_output=True, text=True).stdout


def changed_lines(base: str) -> Iterator[tuple[Path, int]]:
    """The lines of the service that are new or other since the base."""
    file = Path()
    for line in git("diff", "--unified=0", "--no-color", base, "HEAD", "--", "geo_service").splitlines():
        if line.startswith("+++ "):
            file = Path(line.removeprefix("+++ ").removeprefix("b/"))
        elif (found := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line)) and file.suffix in CHANGES:
            first, count = int(found[1]), int(found[2] or 1)
            yield from ((file, number) for number in range(first, first + count))


def mutants(base: str) -> Iterator[Mutant]:
    """Every fault that fits into the changed lines."""
    texts: dict[Path, list[str]] = {}
    for file, number in changed_lines(base):
        if "migrations" in file.parts:
            continue
        lines = texts.setdefault(file, git("show", f"HEAD:{file}").splitlines())
        line = lines[number - 1]
        if LEFT_ALONE.match(line):
            continue
        for pattern, instead in CHANGES[file.suffix]:
            for found in re.finditer(pattern, line):
                after = line[: found.start()] + instead + line[found.end() :]
                yield Mutant(file, number, line, after)


def tests_of(file: Path) -> list[str]:
    """The tests that name a module, and those of its room."""
    module = ".".join(file.with_suffix("").parts)
    parent, _, name = module.rpartition(".")
    named = re.compile(rf"{re.escape(module)}\b|from {re.escape(parent)} import [^\n]*\b{re.escape(name)}\b")
    found = [
        one
        for one in sorted((COPY / "tests").rglob("test_*.py"))
        if named.search(one.read_text(encoding="utf-8"))
    ]
    room = file.parts[1] if len(file.parts) > 2 else "ops"
    folder = COPY / "tests" / ROOMS.get(room, room)
    chosen = [*found, *([folder] if folder.is_dir() else [COPY / "tests" / "unit"])]
    return [str(one.relative_to(COPY)) for one in chosen]


def passes(tests: list[str], limit_s: float) -> bool:
    """Whether the tests of the copy pass; those that never end do not."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tests]
    env = {
        **os.environ,
        "PYTHONPATH": str(COPY),
        "GEO_SHARED": os.environ.get("GEO_SHARED", str(PROJECT.parent / "shared")),
    }
    with subprocess.Popen(
        command, cwd=COPY, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        try:
            return run.wait(limit_s) == 0
        except subprocess.TimeoutExpired:
            run.terminate()
            return False


def survives(mutant: Mutant, tests: list[str], limit_s: float) -> bool:
    """Whether no test notices it."""
    path = COPY / mutant.file
    sound = path.read_text(encoding="utf-8")
    lines = sound.splitlines(keepends=True)
    lines[mutant.line - 1] = mutant.after + "\n"
    path.write_text("".join(lines), encoding="utf-8")
    try:
        return passes(tests, limit_s)
    finally:
        path.write_text(sound, encoding="utf-8")


def main() -> int:
    """Each fault with what came of it; exit code 1 when some survive."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--base", default="HEAD~1", help="what changed since this commit")
    given.add_argument(
        "--most", type=int, default=40, help="so many faults, spread over all that are possible"
    )
    asked = given.parse_args()
    out = Console(soft_wrap=True, highlight=False)
    possible = list(mutants(asked.base))
    chosen = possible[:: max(1, -(-len(possible) // asked.most))]
    out.print(f"{len(possible)} faults fit into what changed since {asked.base}; {len(chosen)} are tried")
    subprocess.run(
        ["git", "worktree", "remove", "--force", str(COPY)], cwd=PROJECT, capture_output=True, check=False
    )
    git("worktree", "add", "--force", "--detach", str(COPY), "HEAD")
    try:
        return _play(chosen, out)
    finally:
        git("worktree", "remove", "--force", str(COPY))


def _play(chosen: list[Mutant], out: Console) -> int:
    limits: dict[tuple[str, ...], float] = {}
    left = []
    for mutant in chosen:
        tests = tests_of(mutant.file)
        if tuple(tests) not in limits:
            start = time.monotonic()
            if not passes(tests, limit_s=3_600):
                out.print(f"the tests fail without any fault: {' '.join(tests)}")
                return 2
            limits[tuple(tests)] = max(LEAST_S, SLOWER * (time.monotonic() - start))
        survived = survives(mutant, tests, limits[tuple(tests)])
        left += [mutant] if survived else []
        out.print(f"{'SURVIVED' if survived else 'caught  '} {mutant}", markup=False)
    out.print(f"{len(chosen) - len(left)} of {len(chosen)} were caught")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
