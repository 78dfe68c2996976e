// Elements, made without ever reading text as markup: whatever a workflow is called or carries ends up in text nodes.

/**
 * Make an element. Properties are set as such, but for `class`, `data`, `aria` and `on`, which hold several.
 * Children are elements or texts; null and false are passed over.
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "aria") for (const [key, text] of Object.entries(value)) element.setAttribute(`aria-${key}`, text);
    else if (name === "on") for (const [key, act] of Object.entries(value)) element.addEventListener(key, act);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Say what went wrong, or nothing. */
export function showError(text) {
  const place = byId("error");
  place.textContent = text ?? "";
  place.hidden = !text;
}

export function runLink({ domain, workflow, run }) {
  const asked = new URLSearchParams({ domain, workflow });
  if (run) asked.set("run", run);
  return `/run?${asked}`;
}

export function badge(status) {
  return make("span", { class: "badge", data: { status } }, status);
}

/** Move between rows by arrow keys; one row at a time can be reached by Tab. */
export function moveByArrows(body, selector) {
  const all = () => [...body.querySelectorAll(selector)].filter((one) => one.closest("tr").offsetParent !== null);
  body.addEventListener("focusin", (event) => {
    if (event.target.matches(selector)) {
      for (const one of body.querySelectorAll(`${selector}[tabindex="0"]`)) one.tabIndex = -1;
      event.target.tabIndex = 0;
    }
  });
  body.addEventListener("keydown", (event) => {
    if (!event.target.matches(selector) || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = all();
    const at = rows.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || !rows[to]) return;
    event.preventDefault();
    rows[to].focus();
  });
}
