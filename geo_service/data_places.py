"""Where the folder `data` is: in the checkout, or where it was installed without one."""

from __future__ import annotations

import sys
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
INSTALLED = Path(sys.prefix) / "share" / "geo-service"
