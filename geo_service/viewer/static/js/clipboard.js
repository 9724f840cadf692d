/** The clipboard, also on plain http, where browsers know only the older way. */

/** Puts a text on the clipboard; whether it is there now. @param {string} text */
export async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return bySelection(text);
  }
}

/** @param {string} text */
function bySelection(text) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const isThere = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return isThere;
}
