"""A progress bar by tqdm: widgets in a notebook that has them, text elsewhere."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

Advance = Callable[[int], object]


@contextmanager
def bar(
    name: str, visible: bool | None, *, total: int | None = None, unit: Literal["B", "row"] = "B"
) -> Iterator[Advance]:
    """Yield a callback for the number of bytes or rows that came in. `visible` None: in notebooks and terminals only."""
    if not (_somebody_looks() if visible is None else visible):
        yield lambda _: None
        return
    from tqdm import TqdmWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TqdmWarning)  # a notebook without ipywidgets has a bar of text
        from tqdm.auto import tqdm
    in_bytes = unit == "B"
    with tqdm(
        desc=name, total=total, unit=unit, unit_scale=in_bytes, unit_divisor=1000, leave=_in_notebook()
    ) as progress:
        yield progress.update


def _somebody_looks() -> bool:
    return _in_notebook() or sys.stderr.isatty()


def _in_notebook() -> bool:
    return "ipykernel" in sys.modules and "IPython" in sys.modules
