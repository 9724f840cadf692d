/**
 * The layers of the map. Shapes: square = works, disc = repair, diamond = conflict, hexagon = opportunity, house = building.
 * A click reads LAYERS from above, the legend shows LEGEND.
 */
import { access } from "./access.js";
import { buildings } from "./buildings.js";
import { conflicts } from "./conflicts.js";
import { ground } from "./ground.js";
import { guarantees } from "./guarantees.js";
import { holds } from "./holds.js";
import { occupancies } from "./occupancies.js";
import { openings } from "./openings.js";
import { opportunities } from "./opportunities.js";
import { pavements } from "./pavements.js";
import { protections } from "./protections.js";
import { repairs } from "./repairs.js";
import { requests } from "./requests.js";
import { streets } from "./streets.js";

/** From below, as they lie on each other. @type {readonly import("../layer.js").Layer[]} */
export const LAYERS = [
  ground,
  pavements,
  streets,
  buildings,
  access,
  guarantees,
  protections,
  occupancies,
  openings,
  requests,
  repairs,
  holds,
  opportunities,
  conflicts,
];

/** From above, as the legend names them. @type {readonly import("../layer.js").LegendLayer[]} */
export const LEGEND = [
  openings,
  occupancies,
  repairs,
  conflicts,
  opportunities,
  guarantees,
  protections,
  requests,
  holds,
  access,
];
