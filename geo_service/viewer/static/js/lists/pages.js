/** Lists of the service, page after page. */
import { get } from "../api.js";

/** A list as far as so many pages go, with what else its first page says. @param {string} path with a query @param {number} [pages] */
export async function pagesOf(path, pages = Infinity) {
  const first = await get(path);
  let page = first;
  const items = [...page.items];
  for (let read = 1; page.next && read < pages; read += 1) {
    page = await get(`${path}&cursor=${encodeURIComponent(page.next)}`);
    items.push(...page.items);
  }
  return { ...first, next: page.next, items };
}
