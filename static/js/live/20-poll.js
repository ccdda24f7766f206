// The polled part: title and favicon, what is spoken, and what happens when no answer comes.
(() => {
  "use strict";
  const { note } = window.runboard;
  const HIDDEN_PACE = 15000;
  const FAILURES = 3;
  const GROUPED = 5000;
  const LOST = "No updates · ";
  const live = () => document.getElementById("live");
  const watched = () => ["live", "now", "found"].map((id) => document.getElementById(id)).filter(Boolean);
  const polled = (element) => element && ["live", "now", "found"].includes(element.id);
  const byPoll = (event) => event.detail.ctx.request.method === "GET" && polled(event.detail.ctx.sourceElement);
  let announcement = live()?.dataset.announcement;
  let outputs = live()?.dataset.outputs;
  let tone = live()?.dataset.tone;
  let quiet = 0;
  let grouped;
  let asked = 0;
  let failed = 0;

  function speak(text, now) {
    document.getElementById(now ? "spoken-now" : "spoken").textContent = text;
  }

  // Speaks only when the state or the number of outputs is another: never percent or seconds.
  // Outputs alone are told at most every 5 s, those of that time together.
  function announce(part) {
    const { dataset } = part;
    const turned = dataset.announcement !== announcement;
    const made = dataset.outputs !== outputs;
    const wait = turned ? 0 : quiet - Date.now();
    clearTimeout(grouped);
    if (made && wait > 0) grouped = setTimeout(reflect, wait);
    else if (turned || made) {
      const told = turned ? [dataset.announcement] : [];
      if (made) told.push(`${dataset.outputs} output${dataset.outputs === "1" ? "" : "s"}.`);
      if (made) quiet = Date.now() + GROUPED;
      speak(told.join(" "), dataset.tone === "fail" && tone !== "fail");
      ({ announcement, outputs } = dataset);
    }
    tone = dataset.tone;
  }

  function countActive() {
    const active = (document.getElementById("now") ?? live())?.dataset.active;
    const pill = document.getElementById("active");
    if (!pill || active === undefined) return;
    pill.hidden = active === "0";
    pill.querySelector("[data-label]").textContent = `${active} live`;
  }

  function reflect() {
    countActive();
    const part = live();
    if (!part) return;
    const { title } = part.dataset;
    const told = "blind" in part.dataset && !title.startsWith(LOST) ? LOST + title : title;
    if (document.title !== told) document.title = told;
    const icon = document.getElementById("favicon");
    if (icon.getAttribute("href") !== part.dataset.icon) icon.setAttribute("href", part.dataset.icon);
    announce(part);
  }

  // Without answers nothing may look as if it went on: clocks stand, the dot is amber.
  function blind(on) {
    for (const part of watched()) part.toggleAttribute("data-blind", on);
    reflect();
  }

  // A paused page asks nothing and lets no clock tick.
  function pause() {
    const paused = document.body.toggleAttribute("data-paused");
    const line = document.querySelector("[data-fresh]");
    if (paused && line) line.textContent = "Paused";
    document.querySelector("[data-pause]")?.setAttribute("aria-pressed", String(paused));
    speak(paused ? "Live updates paused." : "Live updates resumed.");
    if (!paused) window.htmx.trigger(live(), "every");
  }
  document.addEventListener("click", (event) => event.target.closest?.("[data-pause]") && pause());

  document.addEventListener("htmx:before:request", (event) => {
    if (!byPoll(event)) return;
    if (document.body.hasAttribute("data-paused")) return event.preventDefault();
    if (document.hidden && Date.now() - asked < HIDDEN_PACE - 500) event.preventDefault();
    else asked = Date.now();
  });

  document.addEventListener("htmx:after:request", (event) => {
    if (!byPoll(event)) return;
    const status = event.detail.ctx.response.status;
    if (status >= 400) return;
    if (failed >= FAILURES) {
      note("");
      blind(false);
    }
    failed = 0;
    // 304 is "seen on time" too: nothing to draw, but as fresh as an answer.
    const fresh = status === 304 && document.querySelector("[data-fresh]");
    if (fresh) fresh.dataset.fresh = new Date(window.runboard.time.now()).toISOString();
  });

  function count(event) {
    const status = event.detail.ctx.response?.status;
    if (!byPoll(event) || status === 401) return;
    if (status === 404) return stop("This run was removed from Runboard.");
    failed += 1;
    if (failed !== FAILURES) return;
    note("Runboard isn't responding. Retrying…", { stays: true });
    blind(true);
  }
  document.addEventListener("htmx:error", count);
  document.addEventListener("htmx:response:error", count);

  function stop(text) {
    blind(true);
    for (const part of watched()) {
      part.removeAttribute("hx-trigger");
      part.addEventListener("htmx:before:request", (event) => event.preventDefault());
    }
    note(text, { stays: true });
  }

  document.addEventListener("signed-out", () => {
    const link = document.createElement("a");
    link.href = `/sign-in/?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Sign in again";
    stop(["You're signed out. ", link]);
  });

  // Coming back to a tab asks at once instead of waiting for the next turn.
  document.addEventListener("visibilitychange", () => {
    const part = live() || document.getElementById("now");
    if (!document.hidden && part?.hasAttribute("hx-trigger")) window.htmx.trigger(part, "every");
  });

  document.addEventListener("htmx:after:swap", reflect);
  reflect();
})();
