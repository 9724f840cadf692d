/** Lists of the service, page after page. */
import { get } from "../api.js";

/** A list as far as so many pages go, each thing once, with what else its first page says. @param {string} path with a query @param {number} [pages] */
export async function pagesOf(path, pages = Infinity) {
  const first = await get(path);
  let page = first;
  const items = [...page.items];
  for (let read = 1; page.next && read < pages; read += 1) {
    page = await get(`${path}&cursor=${encodeURIComponent(page.next)}`);
    items.push(...page.items);
  }
  const byId = new Map(items.map((one) => [one.repair?.id ?? one.id, one])); // what changes place meanwhile stands on two pages
  return { ...first, next: page.next, items: [...byId.values()] };
}
