// What a page can't do by itself: load its numbers anew, and copy a command. All else works without this.
"use strict";

const live = document.querySelector("[data-live]");
const pause = document.querySelector("[data-pause]");
const updated = document.querySelector("[data-updated]");
let paused = false;

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = button.parentElement.querySelector("code").textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  });
}

if (pause) {
  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    say(paused ? "paused" : "");
  });
}

function say(text) {
  if (updated) updated.textContent = text;
}

// Somebody reads there, or has marked something: it stays as it is meanwhile.
function isInUse() {
  return live.contains(document.activeElement) || !window.getSelection().isCollapsed || live.querySelector("details[open]");
}

// A page of AWS's answers may take its time; a console that has hung never answers.
const PATIENCE_MS = 45_000;

async function update() {
  if (!paused && !document.hidden && !isInUse()) {
    try {
      const answer = await fetch(live.dataset.next || location.href, { signal: AbortSignal.timeout(PATIENCE_MS) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-live]");
      if (fresh && !paused && !isInUse()) {
        live.replaceChildren(...fresh.childNodes);
        live.dataset.next = fresh.dataset.next || "";
        if (fresh.dataset.next) history.replaceState(null, "", fresh.dataset.next);
        say(`as of ${new Date().toLocaleTimeString()}`);
        live.dataset.live = fresh.dataset.live;
      } else if (!fresh) {
        say(page.querySelector("main p") ? page.querySelector("main p").textContent : "the page can't be loaded");
      }
    } catch {
      say("the console doesn't answer: was it stopped?");
    }
  }
  later();
}

// How many seconds a page is good for, which it says itself; or that it is done.
function later() {
  if (live.dataset.live !== "done") setTimeout(update, Number(live.dataset.live) * 1000);
}

if (live) later();
