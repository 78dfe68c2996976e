// The table of events: one page of a history, each event opened on demand.

import { byId, make, moveByArrows } from "./dom.js";
import { get } from "./net.js";
import { full, span } from "./times.js";
import { fields, linkTo } from "./values.js";

const body = byId("events").tBodies[0];
let start = 0;

function row(event, asked) {
  const button = make("button", { type: "button", class: "link mono", tabIndex: -1, aria: { expanded: "false" } }, String(event.id));
  const line = make("tr", { id: `event-${event.id}`, data: { category: event.category, outcome: event.outcome } },
    make("td", { class: "number" }, button),
    make("td", { class: "quiet mono", title: full(event.ms) }, `+${span(Math.max(0, event.ms - start))}`),
    make("td", { class: "kind" }, make("i", { class: "dot", aria: { hidden: "true" } }), event.type),
    make("td", { class: "what" }, event.summary),
    make("td", {}, event.link && linkTo(event.link, "open run")));
  const toggle = () => {
    const isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) line.nextElementSibling.remove();
    else line.after(details(event, asked));
  };
  line.addEventListener("click", (click) => {
    if (!click.target.closest("a") && !getSelection().toString()) toggle();
  });
  return line;
}

function details(event, asked) {
  const cell = make("td", { colSpan: 5 });
  const whole = async () => {
    const all = await get("event", { ...asked, id: event.id });
    cell.replaceChildren(fields(all.fields));
  };
  cell.append(make("p", { class: "quiet small" }, full(event.ms)), event.fields.length ? fields(event.fields, whole) : "No attributes.");
  return make("tr", { class: "details", data: { category: event.category } }, cell);
}

/** Show a page. */
export function showEvents(events, asked, startMs) {
  start = startMs;
  body.replaceChildren(...events.map((event) => row(event, asked)));
  const first = body.querySelector("button");
  if (first) first.tabIndex = 0;
}

/** Add what happened since. */
export function addEvents(events, asked) {
  body.append(...events.map((event) => row(event, asked)));
}

/** Go to an event and open it. */
export function openEvent(id) {
  const line = byId(`event-${id}`);
  if (!line) return;
  if (line.offsetParent === null) byId("decisions").click();
  const button = line.querySelector("button");
  if (button.getAttribute("aria-expanded") !== "true") button.click();
  line.scrollIntoView({ block: "center" });
  button.focus({ preventScroll: true });
}

byId("decisions").addEventListener("change", () => body.classList.toggle("no-decisions", !byId("decisions").checked));
moveByArrows(body, "td:first-child > button");
