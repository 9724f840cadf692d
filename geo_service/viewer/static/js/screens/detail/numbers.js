/** Ids behind what an address names: people copy numbers (H-1121), the page writes ids. */
import { get } from "../../api.js";

/** An id that nothing has: the server says in its own words that there is no such thing. */
const NOBODY = "00000000-0000-0000-0000-000000000000";
/** Lists leave out conflicts that are gone; their number stays. */
const LISTS = ["", "&status=withdrawn", "&status=expired"];

/** The repair that one with this number turned out to be. @param {string} number @returns {Promise<string | undefined>} */
async function successor(number) {
  const { items } = await get(`/search?q=${number}`);
  return items.find((/** @type {import("openapi").Hit} */ hit) => hit.kind === "repair")?.id ?? undefined;
}

/** @param {string} path of the collection @param {string} name number or id */
export async function idOf(path, name) {
  if (!/^[CH]-\d{1,15}$/i.test(name)) return name;
  for (const list of path === "conflicts" ? LISTS : [""]) {
    // descriptions that name the number are found too
    const { items } = await get(`/${path}?q=${name}${list}`);
    const own = items.find((/** @type {{number: string}} */ one) => one.number === name.toUpperCase());
    if (own) return own.id;
  }
  if (path === "repairs") return (await successor(name)) ?? NOBODY;
  return NOBODY;
}
