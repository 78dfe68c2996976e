// Values of events and runs, as the server's `fields` describes them.

import { make, runLink } from "./dom.js";
import { full } from "./times.js";

/** A payload; `whole` fetches all of it where it was cut. */
export function payload(value, whole) {
  if (value.form === "empty") return make("span", { class: "quiet" }, "empty");
  const size = value.cut ? `${value.form}, the beginning of ${value.size.toLocaleString()} bytes` : `${value.form}, ${value.size.toLocaleString()} bytes`;
  return make("div", { class: "payload" },
    make("pre", { tabIndex: 0 }, value.text),
    make("div", { class: "quiet small" }, size,
      value.cut && whole && make("button", { type: "button", class: "link", on: { click: whole } }, "show all")));
}

export function value(shown, whole) {
  if (shown === null || typeof shown !== "object") return String(shown);
  if (shown.kind === "payload") return payload(shown, whole);
  if (shown.kind === "time") return full(shown.ms);
  if (shown.kind === "list") return make("ol", { class: "plain" }, ...shown.items.map((item) => make("li", {}, value(item, whole))));
  return shown.fields.length ? fields(shown.fields, whole) : make("span", { class: "quiet" }, "empty");
}

/** Pairs of name and value. */
export function fields(pairs, whole) {
  return make("dl", { class: "facts" }, ...pairs.flatMap(([name, shown]) => [make("dt", {}, name), make("dd", {}, value(shown, whole))]));
}

export function linkTo(link, text) {
  return make("a", { href: runLink(link) }, text ?? link.workflow);
}

/** Find a field's value by name. */
export function field(pairs, name) {
  return pairs.find(([found]) => found === name)?.[1];
}

