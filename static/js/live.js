// The polled part: title and favicon, what is spoken, and what happens when no answer comes.
(() => {
  "use strict";
  const HIDDEN_PACE = 15000;
  const FAILURES = 3;
  const NOTE = 6000;
  const GROUPED = 5000;
  const LOST = "Lost sight · ";
  const live = () => document.getElementById("live");
  const watched = () => ["live", "now", "found"].map((id) => document.getElementById(id)).filter(Boolean);
  const polled = (element) => element && ["live", "now", "found"].includes(element.id);
  const byPoll = (event) => event.detail.ctx.request.method === "GET" && polled(event.detail.ctx.sourceElement);
  let said = live()?.dataset.said;
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
    const turned = dataset.said !== said;
    const made = dataset.outputs !== outputs;
    const wait = turned ? 0 : quiet - Date.now();
    clearTimeout(grouped);
    if (made && wait > 0) grouped = setTimeout(reflect, wait);
    else if (turned || made) {
      const told = turned ? [dataset.said] : [];
      if (made) told.push(`${dataset.outputs} output${dataset.outputs === "1" ? "" : "s"}.`);
      if (made) quiet = Date.now() + GROUPED;
      speak(told.join(" "), dataset.tone === "fail" && tone !== "fail");
      ({ said, outputs } = dataset);
    }
    tone = dataset.tone;
  }

  function countActive() {
    const active = (document.getElementById("now") ?? live())?.dataset.active;
    const pill = document.getElementById("active");
    if (!pill || active === undefined) return;
    pill.hidden = active === "0";
    pill.querySelector("[data-label]").textContent = `${active} active`;
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

  // One at a time. What went wrong stays until it is closed; the rest goes after 6 s.
  function note(text, { stays = false } = {}) {
    const place = document.getElementById("notes");
    place.replaceChildren();
    if (!text) return;
    const box = document.createElement("div");
    box.className = "note";
    box.append(...(Array.isArray(text) ? text : [text]));
    place.append(box);
    if (stays) box.append(closer(box));
    else setTimeout(leave, NOTE, box);
  }
  window.runboardNote = note;

  function closer(box) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "note-close", textContent: "×", ariaLabel: "Close" });
    button.onclick = () => box.remove();
    return button;
  }

  function leave(box) {
    if (box.matches(":hover, :focus-within")) setTimeout(leave, 1000, box);
    else box.remove();
  }

  // A paused page asks nothing and lets no clock tick.
  function pause() {
    const paused = document.body.toggleAttribute("data-paused");
    const line = document.querySelector("[data-fresh]");
    if (paused && line) line.textContent = "Paused by you";
    document.querySelector("[data-pause]")?.setAttribute("aria-pressed", String(paused));
    speak(paused ? "Live updates paused." : "Live updates go on.");
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
    if (fresh) fresh.dataset.fresh = new Date(window.runboardTime.now()).toISOString();
  });

  function count(event) {
    const status = event.detail.ctx.response?.status;
    if (!byPoll(event) || status === 401) return;
    if (status === 404) return stop("This run was removed from Runboard; this page is not updated any more.");
    failed += 1;
    if (failed !== FAILURES) return;
    note("Runboard does not answer. What you see may be old; trying again.", { stays: true });
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
    stop(["You are signed out; this page is not updated any more. ", link]);
  });

  // Coming back to a tab asks at once instead of waiting for the next turn.
  document.addEventListener("visibilitychange", () => {
    const part = live() || document.getElementById("now");
    if (!document.hidden && part?.hasAttribute("hx-trigger")) window.htmx.trigger(part, "every");
  });

  document.addEventListener("htmx:after:swap", reflect);

  // Outputs: a new signature is no new picture, and what has arrived is marked for a while.
  const unsigned = (url) => {
    try {
      const parts = new URL(url, location.href);
      for (const name of [...parts.searchParams.keys()]) {
        if (/^(x-amz-.*|signature|expires|key-pair-id|policy|sig)$/i.test(name)) parts.searchParams.delete(name);
      }
      return parts.href;
    } catch {
      return url;
    }
  };
  const loaded = (media) =>
    media instanceof HTMLImageElement ? media.complete && media.naturalWidth > 0 : media.readyState > 0 && !media.error;

  window.htmx?.registerExtension("runboard-media", {
    htmx_before_morph_attr(element, { attrName, newValue }) {
      if (!element.matches("img, video, audio")) return true;
      if (newValue === null) return false; // what a reader set, such as loop
      if (attrName !== "src" || !loaded(element)) return true;
      if (element.paused === false) return false; // what plays goes on, whichever copy it is
      return unsigned(element.getAttribute("src")) !== unsigned(newValue);
    },
  });

  let known = new Set();
  const tiles = () => [...document.querySelectorAll(".tile")];
  document.addEventListener("htmx:before:swap", () => {
    known = new Set(tiles().map((tile) => tile.id));
    // What was shown live keeps its room, so that what stands below stays where it is.
    if (document.querySelector("[data-keeps].is-live")) for (const part of document.querySelectorAll("[data-keeps]")) part.style.minHeight = `${part.offsetHeight}px`;
    // The same for the cards above the list, when the last run has ended.
    const now = document.querySelector("#now:has(.cards)");
    if (now) now.style.minHeight = `${now.offsetHeight}px`;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.target.id !== "outputs") return;
    for (const tile of tiles().filter((one) => !known.has(one.id))) {
      tile.dataset.new = "";
      setTimeout(() => delete tile.dataset.new, 10000);
    }
  });

  // What only a hand needs is fetched at its first sign, and is told the key or click it missed.
  const SIGNS = ["pointermove", "pointerdown", "keydown", "click", "focusin"];
  const missed = [];
  let later = (document.body.dataset.later || "").split(" ").filter(Boolean);
  window.runboardLater = (takers) => { for (const event of missed) takers[event.type]?.(event); };

  function meet(event) {
    // A page that is laid out beneath a mouse at rest sends a move of no length: that is no hand.
    if (event?.type === "pointermove" && !event.movementX && !event.movementY) return;
    if (event) missed.push(event);
    const wanted = later;
    later = [];
    for (const src of wanted) {
      const script = Object.assign(document.createElement("script"), { src, async: false });
      if (src === wanted.at(-1)) script.onload = met;
      document.head.append(script);
    }
    greet();
  }

  function met() {
    for (const sign of SIGNS) document.removeEventListener(sign, meet, true);
  }
  for (const sign of SIGNS) document.addEventListener(sign, meet, true);
  // A script or stylesheet, once.
  const fetched = new Map();
  function fetchOnce(url) {
    if (!fetched.has(url)) {
      fetched.set(url, new Promise((done, fail) => {
        const css = url.includes(".css");
        const part = document.createElement(css ? "link" : "script");
        if (css) Object.assign(part, { rel: "stylesheet", href: url });
        else part.src = url;
        part.onload = done;
        part.onerror = () => {
          fetched.delete(url);
          fail(new Error(url));
        };
        document.head.append(part);
      }));
    }
    return fetched.get(url);
  }
  window.runboardFetch = fetchOnce;

  // Viewers are fetched where there is something to play, or when a hand comes near.
  function viewers(name, then) {
    const url = document.getElementById("outputs")?.dataset[name];
    if (url) fetchOnce(url).then(then, () => {});
  }

  // Fingers do not hover: their tiles carry the actions from the first touch on.
  function greet() {
    if (document.querySelector("#outputs [data-player]")) viewers("playerJs");
    if (!later.length && matchMedia("(pointer: coarse)").matches && tiles().length) viewers("viewers");
  }
  for (const name of ["pointerover", "focusin"]) {
    document.addEventListener(name, (event) => event.target.closest?.("#outputs") && viewers("viewers"));
  }
  document.addEventListener("click", (event) => {
    const part = event.target.closest?.("#outputs [data-act]");
    if (!part || window.runboardViewers || part.closest("[data-player]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    viewers("viewers", () => part.click());
  });
  document.addEventListener("htmx:after:swap", greet);
  const bell = `runboard:tell:${location.pathname}`;
  // A bell that was turned on in another tab is on in this one too.
  window.addEventListener("storage", (event) => event.key === bell && event.newValue && meet());
  if (localStorage.getItem(bell)) meet();
  else greet();
  reflect();
})();
