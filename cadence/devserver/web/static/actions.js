// What can be done to a run: a dialog each, that says what happens and what went wrong.

import { byId, make, runLink } from "./dom.js";
import { act } from "./net.js";
import { payload } from "./values.js";

const dialog = byId("dialog");

const INPUT = { name: "input", label: "Input: JSON, several arguments one per line", rows: 4 };
const REASON = { name: "reason", label: "Reason", value: "" };

const ACTIONS = [
  { path: "signal", name: "Signal", needsOpen: true, button: "Send signal",
    fields: [{ name: "name", label: "Signal name", required: true }, INPUT] },
  { path: "query", name: "Query", button: "Ask",
    fields: [{ name: "name", label: "Query type", required: true, value: "__stack_trace" }, { ...INPUT, rows: 2 }] },
  { path: "query", name: "Stack", button: "Ask", askAtOnce: true, title: "Stack trace",
    fields: [{ name: "name", label: "Query type", required: true, value: "__stack_trace" }] },
  { path: "reset", name: "Reset", button: "Reset",
    about: "A new run takes over the history up to an end of a decision and goes on from there. This one is terminated if it still runs.",
    fields: [{ name: "event", label: "Event id: the end of a decision", type: "number", required: true }, REASON] },
  { path: "cancel", name: "Cancel", needsOpen: true, button: "Request cancellation",
    about: "The workflow is asked to stop; it may clean up first.", fields: [REASON] },
  { path: "terminate", name: "Terminate", needsOpen: true, button: "Terminate", isHarsh: true,
    about: "The run ends at once. Its code gets no chance to clean up.", fields: [REASON] },
];

function control(field, values) {
  const start = values[field.name] ?? field.value ?? "";
  const id = `field-${field.name}`;
  const common = { id, name: field.name, required: Boolean(field.required), value: start, autocomplete: "off", spellcheck: false };
  const input = field.rows ? make("textarea", { ...common, rows: field.rows, class: "mono" }) : make("input", { ...common, type: field.type ?? "text" });
  return make("p", {}, make("label", { htmlFor: id }, field.label), input);
}

function show(action, run) {
  const note = make("p", { class: "error", role: "alert", hidden: true });
  const answer = make("div", { class: "answer", aria: { live: "polite" } });
  const submit = make("button", { class: action.isHarsh ? "harsh" : "primary" }, action.button);
  const send = async (form) => {
    note.hidden = true;
    submit.disabled = true;
    answer.replaceChildren(action.path === "query" ? make("p", { class: "quiet" }, "Waiting for a worker …") : "");
    try {
      done(action, run, await act(action.path, { ...idsOf(run), ...valuesOf(form, action) }), answer);
    } catch (error) {
      answer.replaceChildren();
      note.textContent = error.message;
      note.hidden = false;
    }
    submit.disabled = false;
  };
  const form = make("form", { on: { submit: (event) => { event.preventDefault(); send(form); } } },
    make("h2", { id: "dialog-title" }, action.title ?? action.name),
    action.about && make("p", { class: "quiet" }, action.about),
    ...action.fields.map((field) => control(field, { event: run.resetTo ?? "" })),
    note, answer,
    make("div", { class: "buttons" }, make("button", { type: "button", on: { click: () => dialog.close() } }, "Close"), submit));
  dialog.replaceChildren(form);
  dialog.showModal();
  if (action.askAtOnce) send(form);
}

const idsOf = (run) => ({ domain: run.domain, workflow: run.workflow, run: run.run });

function valuesOf(form, action) {
  return Object.fromEntries(action.fields.map(({ name, type }) => [name, type === "number" ? form.elements[name].valueAsNumber : form.elements[name].value]));
}

function done(action, run, result, place) {
  if (action.path === "query") {
    place.replaceChildren(asText(result.answer));
  } else {
    dialog.close();
    if (action.path === "reset") location.assign(runLink({ ...run, run: result.run }));
  }
}

/** A stack trace is a JSON text with line ends in it: show those as such. */
function asText(shown) {
  let text = null;
  try {
    text = shown.form === "json" ? JSON.parse(shown.text) : null;
  } catch {
    // several values: shown as they are
  }
  return typeof text === "string" ? payload({ ...shown, form: "text", text }) : payload(shown);
}

/** Show the buttons that make sense for a run as it is now. */
export function showActions(current) {
  const place = byId("actions");
  if (!place.children.length) {
    place.append(...ACTIONS.map((action) => make("button", { type: "button", class: action.isHarsh ? "harsh" : "" }, action.name)));
  }
  ACTIONS.forEach((action, index) => {
    const button = place.children[index];
    button.disabled = Boolean(action.needsOpen) && !current.isOpen;
    button.onclick = () => show(action, current);
  });
}
