// The list of runs: a domain, a filter, a page; kept in the address, so that it can be shared and gone back to.

import { badge, byId, make, moveByArrows, runLink, showError } from "./dom.js";
import { get, live } from "./net.js";
import { brief, full, span } from "./times.js";

const CHIPS = [
  ["All", ""],
  ["Running", "CloseTime = missing"],
  ["Completed", "CloseStatus = 'COMPLETED'"],
  ["Failed", "CloseStatus = 'FAILED'"],
  ["Timed out", "CloseStatus = 'TIMED_OUT'"],
  ["Canceled", "CloseStatus = 'CANCELED'"],
  ["Terminated", "CloseStatus = 'TERMINATED'"],
];

const body = byId("runs").tBodies[0];
let asked = {};
let next = null;
let stop = () => {};
let ticking = [];

function row(run) {
  const href = runLink({ ...run, domain: asked.domain });
  const took = make("td", { class: "quiet" });
  if (run.closeMs) took.textContent = span(run.closeMs - run.startMs);
  else ticking.push([took, run.startMs]);
  return make("tr", { data: { run: run.run } },
    make("td", {}, badge(run.status)),
    make("td", { class: "mono" }, make("a", { href, tabIndex: -1, title: run.run }, run.workflow), run.isCron && make("span", { class: "tag" }, "cron")),
    make("td", {}, run.type),
    make("td", { title: full(run.startMs) }, brief(run.startMs)),
    took,
    make("td", { class: "number" }, String(run.length ?? "")),
    make("td", { class: "quiet" }, run.taskList));
}

function show(page) {
  showError(null);
  const focused = document.activeElement?.closest("tr")?.dataset.run;
  ticking = [];
  body.replaceChildren(...page.runs.map(row));
  const links = [...body.querySelectorAll("a")];
  const again = links.find((link) => link.closest("tr").dataset.run === focused);
  (again ?? links[0] ?? {}).tabIndex = 0;
  again?.focus();
  next = page.next;
  byId("older").disabled = !next;
  byId("newest").disabled = !asked.token;
  byId("empty").hidden = page.runs.length > 0;
  byId("empty").textContent = asked.query ? "No run matches." : "No runs yet. Start one, and it shows up here.";
  tick();
}

function tick() {
  for (const [cell, since] of ticking) cell.textContent = span(Math.max(0, Date.now() - since));
}

function fail(error) {
  body.replaceChildren();
  byId("empty").hidden = true;
  showError(error.message);
}

/** Show what the address says. */
function open() {
  const parameters = new URLSearchParams(location.search);
  asked = { domain: byId("domain").value, query: parameters.get("query") ?? "", token: parameters.get("token") ?? "" };
  byId("query").value = asked.query;
  for (const chip of byId("chips").children) chip.setAttribute("aria-pressed", String(chip.value === asked.query));
  stop();
  stop = live("runs", asked, show, fail);
}

function go(change) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...asked, domain: byId("domain").value, token: "", ...change })) {
    if (value) parameters.set(name, value);
  }
  history.pushState(null, "", `/?${parameters}`);
  open();
}

async function choose() {
  const wished = new URLSearchParams(location.search).get("domain") ?? localStorage.getItem("domain");
  const { domains } = await get("domains");
  byId("domain").replaceChildren(...domains.map((name) => make("option", { value: name, selected: name === wished }, name)));
  if (domains.length === 0) {
    byId("empty").hidden = false;
    byId("empty").textContent = "No domain yet. It is registered when a worker or client first names it; then load this page again.";
    return;
  }
  open();
}

byId("chips").append(...CHIPS.map(([name, query]) => make("button", { type: "button", value: query, on: { click: () => go({ query }) } }, name)));
byId("filter").addEventListener("submit", (event) => {
  event.preventDefault();
  go({ query: byId("query").value.trim() });
});
byId("query").addEventListener("search", () => byId("query").value.trim() !== asked.query && go({ query: byId("query").value.trim() }));
byId("domain").addEventListener("change", () => {
  localStorage.setItem("domain", byId("domain").value);
  go({});
});
byId("older").addEventListener("click", () => go({ token: next }));
byId("newest").addEventListener("click", () => go({}));
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.matches("input, textarea, select")) {
    event.preventDefault();
    byId("query").select();
  }
});
body.addEventListener("click", (event) => {
  if (!event.target.closest("a") && !getSelection().toString()) event.target.closest("tr")?.querySelector("a").click();
});
moveByArrows(body, "a");
addEventListener("popstate", () => choose().catch(fail));
setInterval(tick, 1000); // the clock of runs that go on; nothing is asked for
choose().catch(fail);
