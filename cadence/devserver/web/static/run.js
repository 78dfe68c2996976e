// One run: what it is, what it waits for, and a page of its events; live.

import { badge, byId, make, runLink, showError } from "./dom.js";
import { addEvents, openEvent, showEvents } from "./events.js";
import { get, live } from "./net.js";
import { showActions } from "./actions.js";
import { showTimeline } from "./timeline.js";
import { full, span } from "./times.js";
import { field, fields, linkTo, value } from "./values.js";

const parameters = new URLSearchParams(location.search);
let asked = { domain: parameters.get("domain") ?? "", workflow: parameters.get("workflow") ?? "", run: parameters.get("run") ?? "" };
let current = null;
let page = null;
let reading = null;

function fact(name, shown) {
  return shown === null || shown === undefined || shown === false || shown === "" ? [] : [make("dt", {}, name), make("dd", {}, shown)];
}

function showHead(run) {
  document.title = `${run.workflow} · Cadence dev server`;
  byId("head").hidden = false;
  byId("workflow").textContent = run.workflow;
  byId("status").replaceChildren(badge(run.status));
  byId("back").href = `/?${new URLSearchParams({ domain: run.domain })}`;
  byId("facts").replaceChildren(
    ...fact("Type", run.type),
    ...fact("Run id", make("code", {}, run.run)),
    ...fact("Domain", run.domain),
    ...fact("Task list", run.taskList),
    ...fact("Started", full(run.startMs)),
    ...fact("Closed", run.closeMs ? `${full(run.closeMs)}, after ${span(run.closeMs - run.startMs)}` : null),
    ...fact("Timeouts", `run ${span(run.executionTimeout * 1000)}, decision ${span(run.decisionTimeout * 1000)}`),
    ...fact("Cron", run.cron),
    ...fact("Parent", run.parent && linkTo(run.parent)),
    ...fact("Newer run", !run.isCurrent && linkTo({ domain: run.domain, workflow: run.workflow }, "open the current run")),
    ...fact("Memo", run.memo.length ? fields(run.memo) : null),
    ...fact("Search attributes", run.searchAttributes.length ? fields(run.searchAttributes) : null));
}

function showOutcome(run) {
  const input = field(run.first.fields, "input");
  const parts = [make("h2", {}, "Input"), input ? value(input) : make("p", { class: "quiet" }, "none")];
  if (run.last) {
    const told = run.last.fields.filter(([name]) => ["result", "reason", "details", "timeoutType", "cause", "failureReason"].includes(name));
    parts.push(make("h2", {}, { completed: "Result", failed: "Failure" }[run.status] ?? "Outcome"));
    const result = run.status === "completed" && field(told, "result");
    parts.push(result ? value(result) : told.length ? fields(told) : make("p", { class: "quiet" }, "none"));
    if (run.last.link) parts.push(make("p", {}, linkTo(run.last.link, "open the run that follows")));
  }
  byId("outcome").replaceChildren(...parts);
}

function card(kind, title, pairs, link) {
  return make("article", { class: "panel card", data: { category: kind } },
    make("h3", {}, make("i", { class: "dot", aria: { hidden: "true" } }), make("span", { class: "quiet" }, kind), " ", link ? linkTo(link, title) : title),
    fields(pairs));
}

function showPending(run) {
  const cards = [];
  if (run.decision) cards.push(card("decision", "task", run.decision));
  for (const one of run.activities) {
    const left = one.filter(([name]) => !["activityType", "activityID"].includes(name));
    cards.push(card("activity", `${field(one, "activityType")} ${field(one, "activityID")}`, left));
  }
  for (const one of run.timers) cards.push(card("timer", one.id, [["fires", { kind: "time", ms: one.firesMs }]]));
  for (const one of run.children) cards.push(card("child", one.link.workflow, one.fields, one.link));
  byId("pending").hidden = cards.length === 0;
  byId("cards").replaceChildren(...cards);
}

function showPages() {
  const { first, events, total, pageSize } = page;
  const end = first + events.length - 1;
  byId("range").textContent = total > events.length ? `${first.toLocaleString()} to ${end.toLocaleString()} of ${total.toLocaleString()}` : String(total);
  byId("pages").hidden = total <= pageSize && first === 1 && end >= total;
  byId("first").disabled = byId("previous").disabled = first <= 1;
  byId("next").disabled = byId("last").disabled = end >= total;
}

async function openPage(first) {
  page = await get("events", { ...asked, first });
  showEvents(page.events, asked, current.startMs);
  showPages();
  showTimeline(page.events, current.isOpen);
}

/** Fetch what was added to the last page; to others nothing is. */
async function follow() {
  const end = page.first + page.events.length;
  const wasLast = end > page.total;
  page.total = Math.max(page.total, current.length);
  if (wasLast && page.total >= end && page.events.length < page.pageSize) {
    const more = await get("events", { ...asked, first: end });
    const fitting = more.events.slice(0, page.pageSize - page.events.length);
    page.events.push(...fitting);
    page.total = more.total;
    addEvents(fitting, asked);
  }
  showPages();
  showTimeline(page.events, current.isOpen);
}

function show(run) {
  showError(null);
  const isNew = current === null;
  current = run;
  asked.run = run.run;
  showHead(run);
  showOutcome(run);
  showPending(run);
  showActions(run);
  if (isNew) history.replaceState(null, "", `${runLink({ ...run })}${location.hash}`);
  // One after the other, so that no event is added twice.
  reading = (reading ?? openPage(1).then(openAsked)).then(follow).catch((error) => showError(error.message));
}

function openAsked() {
  const id = /^#event-(\d+)$/.exec(location.hash)?.[1];
  if (id) openEvent(id);
}

/** Turn to a page, behind whatever is being fetched: what was added must not end up on another page. */
function turn(id, first) {
  byId(id).addEventListener("click", () => {
    reading = reading.then(() => openPage(Math.max(1, first()))).catch((error) => showError(error.message));
  });
}
turn("first", () => 1);
turn("previous", () => page.first - page.pageSize);
turn("next", () => page.first + page.events.length);
turn("last", () => page.total - ((page.total - 1) % page.pageSize));
live("run", asked, show, (error) => showError(error.message));
