"""Small faults that fit into the code: a short list of textual changes, where they fit, and a sample of them that a seed repeats."""

from __future__ import annotations

import ast
import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent.parent

COMPARED = (
    ("limit", r" < ", " <= "),
    ("limit", r" <= ", " < "),
    ("limit", r" > ", " >= "),
    ("limit", r" >= ", " > "),
)
CHANGES: dict[str, tuple[tuple[str, str, str], ...]] = {
    ".py": (
        *COMPARED, ("equal", r" == ", " != "), ("equal", r" != ", " == "), ("logic", r" and ", " or "), ("logic", r" or ", " and "),
        ("not", r"\bnot (?!in\b)", ""), ("truth", r"\bTrue\b", "False"), ("truth", r"\bFalse\b", "True"), ("sign", r" \+ ", " - "),
        ("sign", r" - ", " + "), ("extreme", r"\bmin\(", "max("), ("extreme", r"\bmax\(", "min("), ("extreme", r"\bsum\(", "max("),
        ("extreme", r"(?<!\.)\bany\(", "all("), ("extreme", r"(?<!\.)\ball\(", "any("), ("in", r" in ", " not in "), ("order", r"\bsorted\((?![^()]*key=)", "list("), ("order", r", key=", ", reverse=True, key="),
        ("order", r"\.desc\(\)", ""), ("order", r"\.order_by\([^()]*\)", ""), ("return", r"\breturn (?!None)\S.*", "return None"),
        ("loop", r"\bcontinue\b", "break"), ("number", r"(?<![\w.])1(?![\w.])", "2"), ("number", r"(?<![\w.])0(?![\w.])", "1"),
    ),
    ".sql": (
        *COMPARED, ("logic", r"\bAND\b", "OR"), ("logic", r"\bOR\b", "AND"), ("not", r"\bNOT (?!NULL|MATERIALIZED|EXISTS \()", ""),
        ("not", r"\bNOT EXISTS\b", "EXISTS"), ("equal", r"(?<=\w) = (?=[\w:('])", " <> "), ("join", r"\bLEFT JOIN\b", "JOIN"),
        ("extreme", r"\bmin\(", "max("), ("extreme", r"\bmax\(", "min("), ("extreme", r"\bleast\(", "greatest("),
        ("extreme", r"\bgreatest\(", "least("), ("extreme", r"\bsum\(", "max("), ("null", r"\bIS NULL\b", "IS NOT NULL"),
        ("null", r"\bIS NOT NULL\b", "IS NULL"), ("order", r" DESC\b", ""), ("join", r"\bUNION ALL\b", "UNION"),
        ("sign", r" \+ ", " - "), ("sign", r" - ", " + "), ("number", r"(?<![\w.$:'])1(?![\w.'])", "2"), ("number", r"(?<![\w.$:'])0(?![\w.'])", "1"),
    ),
    ".js": (
        *COMPARED, ("equal", r" === ", " !== "), ("equal", r" !== ", " === "), ("logic", r" && ", " || "), ("logic", r" \|\| ", " && "),
        ("logic", r" \?\? ", " && "), ("truth", r"\btrue\b", "false"), ("truth", r"\bfalse\b", "true"), ("not", r"!(?=\w)", ""),
        ("sign", r" \+ ", " - "), ("sign", r" - ", " + "), ("return", r"\breturn \S.*;", "return undefined;"), ("word", r"\"[\w-]+\"", '"other"'),
        ("number", r"(?<![\w.#\"-])1(?![\w.%])", "2"), ("number", r"(?<![\w.#\"-])0(?![\w.%])", "1"), ("order", r"\.sort\([^()]*\)", ""),
    ),
}  # fmt: skip
"""By suffix: a kind, a pattern and what stands in its place. They are the faults that people make."""
LEFT_ALONE = re.compile(
    r'^\s*(#|--|//|\*|/\*|"""|\\ir|import |export \{|from |@|raise |log\.|logger\.|console\.|class |def |async def |export default )'
    r"|^\s*$|\bBETWEEN\b|\blog\.\w+\(|\blog\(|^\w+ = (Literal|Annotated|NewType|TypeVar)|\bdescription="
)
"""Comments, log texts, imports, signatures, type aliases: a fault there changes nothing that a test should look at."""
ASSIGNS = re.compile(r"^\s*(SET |\w+ = |.*DO UPDATE SET)")
COMMENT = {".py": "  # ", ".sql": "--", ".js": " // "}


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of one file (relative to the project), as it is and with the fault."""

    file: Path
    line: int
    kind: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.before.strip()}  →  {self.after.strip()}"

    @property
    def key(self) -> tuple[str, int, str, str]:
        """What tells it from any other."""
        return str(self.file), self.line, self.before, self.after

    @property
    def runs_at_import(self) -> bool:
        """Whether its line stands outside every function of a Python module: it runs before any test begins."""
        if self.file.suffix != ".py":
            return False
        functions = (
            node for node in ast.walk(ast.parse((PROJECT / self.file).read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        )  # fmt: skip
        return not any(one.body[0].lineno <= self.line <= (one.end_lineno or 0) for one in functions)


def git(*words: str) -> str:
    """What git says."""
    return subprocess.run(["git", *words], cwd=PROJECT, check=True, capture_output=True, text=True).stdout  # nosec B607 # the developer's own git


def changed_since(base: str) -> list[Fault]:
    """Every fault that fits into the lines of the service that are new or other since the base."""
    lines: dict[Path, set[int]] = {}
    file = Path()
    for line in git("diff", "--unified=0", "--no-color", base, "HEAD", "--", "geo_service").splitlines():
        if line.startswith("+++ "):
            file = Path(line.removeprefix("+++ ").removeprefix("b/"))
        elif hunk := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            lines.setdefault(file, set()).update(range(first, first + count))
    return [fault for file in lines for fault in faults_of(file) if fault.line in lines[file]]


def faults_in(room: str) -> list[Fault]:
    """Every fault that fits into a room."""
    files = git("ls-tree", "-r", "--name-only", "HEAD", f"geo_service/{room}/").splitlines()
    return [fault for name in files for fault in faults_of(Path(name))]


def faults_of(file: Path) -> Iterator[Fault]:
    """Every fault that fits into a file as it is in HEAD; migrations, which never change, and copies of other projects have none."""
    if file.suffix not in CHANGES or {"migrations", "vendor"} & set(file.parts):
        return
    text = git("show", f"HEAD:{file}")
    lines = text.splitlines()
    words = _words(text) if file.suffix == ".py" else {}
    for number, line in enumerate(lines, 1):
        if LEFT_ALONE.search(line):
            continue
        for kind, pattern, instead in CHANGES[file.suffix]:
            if file.suffix == ".sql" and kind == "equal" and ASSIGNS.match(line):
                continue
            for match in re.finditer(pattern, line):
                if _is_prose(file, line, match.start(), words.get(number, ())):
                    continue
                yield Fault(file, number, kind, line, line[: match.start()] + instead + line[match.end() :])


def spread(faults: Iterable[Fault], most: int, seed: int) -> list[Fault]:
    """A sample over all files and all kinds; the same seed takes the same."""
    rest = list(faults)
    random.Random(seed).shuffle(rest)  # nosec B311 # chance, never a secret
    files: Counter[Path] = Counter()
    kinds: Counter[str] = Counter()
    sample: list[Fault] = []
    while rest and len(sample) < most:
        one = min(rest, key=lambda fault: files[fault.file] + kinds[fault.kind])
        rest.remove(one)
        if not _compiles(one):
            continue
        files[one.file] += 1
        kinds[one.kind] += 1
        sample.append(one)
        rest = [fault for fault in rest if (fault.file, fault.line) != (one.file, one.line)]
    return sample


def _is_prose(file: Path, line: str, column: int, words: Iterable[tuple[int, int]]) -> bool:
    comment = line.find(COMMENT[file.suffix])
    return 0 <= comment <= column or any(start <= column < end for start, end in words)


def _words(text: str) -> dict[int, list[tuple[int, int]]]:
    """The columns of strings and annotations, by line."""
    found: dict[int, list[tuple[int, int]]] = {}
    for node in ast.walk(ast.parse(text)):
        prose = _prose_of(node)
        if isinstance(prose, ast.expr | ast.stmt):
            for number in range(prose.lineno, (prose.end_lineno or prose.lineno) + 1):
                start = prose.col_offset if number == prose.lineno else 0
                end = prose.end_col_offset if number == prose.end_lineno else None
                found.setdefault(number, []).append((start, 1_000 if end is None else end))
    return found


def _prose_of(node: ast.AST) -> ast.AST | None:
    """What of a node nothing is computed from: an annotation, a text, the words of a `__repr__`."""
    is_repr = isinstance(node, ast.FunctionDef) and node.name in ("__repr__", "__str__")
    if is_repr or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return node
    annotation: ast.AST | None = getattr(node, "annotation", None) or getattr(node, "returns", None)
    return annotation


def _compiles(fault: Fault) -> bool:
    if fault.file.suffix != ".py":
        return True
    lines = git("show", f"HEAD:{fault.file}").splitlines()
    lines[fault.line - 1] = fault.after
    try:
        compile("\n".join(lines), str(fault.file), "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True
