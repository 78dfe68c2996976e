// Requests to the server that the page came from: reading, acting, and hearing of changes.

import { byId } from "./dom.js";

const token = document.querySelector('meta[name="token"]').content;

async function answered(response) {
  const answer = await response.json().catch(() => ({ message: `the server answered ${response.status}` }));
  if (!response.ok) throw new Error(answer.message || answer.error);
  return answer;
}

async function sent(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("the server can't be reached");
  }
  return answered(response);
}

export function get(path, asked = {}) {
  return sent(`/api/${path}?${new URLSearchParams(asked)}`);
}

export function act(path, body) {
  const headers = { "Content-Type": "application/json", "X-Cadence-Token": token };
  return sent(`/api/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

/**
 * Show something for as long as it changes: `show` gets it now and at each change, `fail` what went wrong.
 * A hidden tab gives its connection back. Returns a function that ends it.
 */
export function live(path, asked, show, fail) {
  let source = null;
  let isOver = false;
  const say = (state) => {
    byId("live").dataset.state = state;
    byId("live").textContent = state;
  };
  const close = () => {
    source?.close();
    source = null;
  };
  const open = () => {
    if (source || isOver || document.hidden) return;
    source = new EventSource(`/api/live/${path}?${new URLSearchParams(asked)}`);
    source.addEventListener("open", () => say("live"));
    source.addEventListener("now", (event) => show(JSON.parse(event.data)));
    source.addEventListener("gone", (event) => {
      isOver = true;
      close();
      say("ended");
      fail(new Error(JSON.parse(event.data).message));
    });
    source.addEventListener("error", async () => {
      if (!source) return;
      say("offline");
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again
      close();
      // A refusal has no words in an event stream: the same request without one does.
      await get(path, asked).then(show, fail);
    });
  };
  const turned = () => (document.hidden ? close() : open());
  document.addEventListener("visibilitychange", turned);
  open();
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", turned);
    close();
  };
}
