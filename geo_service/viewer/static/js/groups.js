/** Names of owner groups: people know Proximus, the service knows `proximus`. */
import { get } from "./api.js";

/** @type {Map<string, string>} by code */
let names = new Map();

/** Reads the names; without an answer the codes stand. */
export async function loadGroups() {
  const { items } = await get("/organisations").catch(() => ({ items: [] }));
  names = new Map([...names, ...items.map((/** @type {import("openapi").Organisation} */ one) => [one.owner_group, one.owner_group_name])]);
}

/** @param {string} code */
export const groupName = (code) => names.get(code) ?? code;

/** Whose works these are: "Proximus Area 2.1"; of an organisation that is not named after its group both: "Proximus (Belgacom NV)". @param {{owner: string, owner_group_name: string}} works */
export const ownerInFull = ({ owner, owner_group_name: group }) => (owner.toLowerCase().includes(group.toLowerCase()) ? owner : `${group} (${owner})`);
