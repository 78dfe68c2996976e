// One page of a history along time: the run and its decisions in a lane each, everything else in a row of its own.

import { byId, make } from "./dom.js";
import { span } from "./times.js";
import { openEvent } from "./events.js";

const place = byId("timeline");
const LANES = { run: "Run", signal: "Run", marker: "Run", other: "Run", decision: "Decisions" };

/** Collect events that belong together. */
function spansOf(events) {
  const spans = new Map();
  for (const event of events) {
    const found = event.span;
    const key = found ? `span ${found.id}` : `event ${event.id}`;
    const one = spans.get(key) ?? { label: found ? found.label : event.summary || event.type, category: event.category, from: found ? found.since : event.ms, id: found ? found.id : event.id, shownId: event.id };
    if (!found) Object.assign(one, { to: event.ms, outcome: event.outcome, isPoint: true, type: event.type });
    else if (found.stage === "start") one.began = event.ms;
    else if (found.stage === "close") Object.assign(one, { to: event.ms, outcome: found.outcome });
    spans.set(key, one);
  }
  return [...spans.values()];
}

function bar(one, scale, end) {
  const to = one.to ?? end;
  const outcome = one.outcome || "open";
  const words = one.isPoint ? `${one.type}: ${one.label}` : `${one.label}: ${one.to ? outcome : "goes on"}, ${span(to - one.from)}`;
  const element = make("button", { type: "button", class: one.isPoint ? "point" : "span", title: words, tabIndex: -1,
    aria: { label: words }, data: { category: one.category, outcome }, on: { click: () => openEvent(one.shownId) } });
  element.style.left = `${scale(one.from)}%`;
  if (one.isPoint) return element;
  element.style.width = `${Math.max(0, scale(to) - scale(one.from))}%`;
  const began = one.began ?? (one.category === "timer" || one.to ? one.from : to);
  const waited = make("i", { class: "waited" });
  waited.style.width = `${to > one.from ? (100 * Math.min(began - one.from, to - one.from)) / (to - one.from) : 0}%`;
  element.append(waited);
  return element;
}

function axis(from, end, scale) {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5, 6048e5, 2592e6, 31536e6];
  const step = steps.find((size) => (end - from) / size <= 6) ?? (end - from) / 6;
  const marks = [];
  for (let at = from; at <= end; at += step) {
    const mark = make("span", { class: "mark" }, at === from ? "0" : `+${tidy(at - from)}`);
    mark.style.left = `${scale(at)}%`;
    marks.push(mark);
  }
  return make("div", { class: "lane axis" }, make("span", { class: "name" }), make("div", { class: "track" }, ...marks));
}

function tidy(ms) {
  return span(ms).replace(/\.0+ /, " ").replace(/(\.\d)0 /, "$1 ").replace(/ 0 (s|min|h)$/, "");
}

/** Draw a page of events; a run that goes on is drawn until now. */
export function showTimeline(events, isOpen) {
  if (!events.length) return place.replaceChildren();
  const spans = spansOf(events);
  const from = Math.min(...spans.map((one) => one.from));
  const last = events[events.length - 1].ms;
  const end = Math.max(isOpen && spans.some((one) => !one.to) ? Date.now() : last, from + 1);
  const scale = (ms) => Math.min(100, (100 * (ms - from)) / (end - from));
  const lanes = new Map([["Run", []], ["Decisions", []]]);
  for (const one of spans) {
    const name = LANES[one.category];
    if (name) lanes.get(name).push(one);
    else lanes.set(one, [one]);
  }
  const rows = [...lanes].filter(([, found]) => found.length).map(([key, found]) => {
    const name = typeof key === "string" ? key : key.label;
    return make("div", { class: "lane" },
      make("span", { class: "name", title: name }, name),
      make("div", { class: "track" }, ...found.map((one) => bar(one, scale, end))));
  });
  place.replaceChildren(axis(from, end, scale), ...rows);
}

place.addEventListener("keydown", (event) => {
  const bars = [...place.querySelectorAll("button")];
  const at = bars.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 }[event.key];
  if (to === undefined || !bars[to]) return;
  event.preventDefault();
  bars[to].focus();
});
