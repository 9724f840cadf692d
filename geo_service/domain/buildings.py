"""Buildings and pavement sections: the ground that works and repairs share."""

from __future__ import annotations

from typing import Literal, get_args

PavementKind = Literal["footpath", "cycle_path", "carriageway"]
PAVEMENT_KINDS: tuple[str, ...] = get_args(PavementKind)

# What reference maps draw: pavement (or the whole road, with the kerbs in it), axes of streets, parcels.
BASE_LAYERS = ("pavement", "street", "parcel")
BASE_KINDS = (*PAVEMENT_KINDS, "corridor", "kerb")

# Buildings that must stay reachable and so hold an `access` claim.
ACCESS_FUNCTIONS = ("fire_station", "school", "care_home", "hospital", "city_patrimony")

# Of these, engines must get out or in at any hour: they claim the carriageway in front as well.
EMERGENCY_FUNCTIONS = ("fire_station", "hospital")
