// Single keys and the sheet that lists them, the theme, and how close the rows stand.
(() => {
  "use strict";
  const OFF = "runboard:keys";
  const YEAR = 31536000;
  const first = (selector) => document.querySelector(selector);
  const box = (html) => {
    const made = document.createElement("template");
    made.innerHTML = html;
    return made.content.firstElementChild;
  };
  const off = () => localStorage.getItem(OFF) === "off";
  const keep = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=${value ? YEAR : 0}; samesite=lax`;
  };

  // The theme: the other one than is shown; the system's own needs no cookie.
  function theme() {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    if (next === system) delete root.dataset.theme;
    else root.dataset.theme = next;
    keep("theme", next === system ? "" : next);
    first('meta[name="color-scheme"]').content = next === system ? "light dark" : next;
    speak(next === "dark" ? "Dark theme." : "Light theme.");
  }

  function density(button) {
    const compact = button.dataset.density === "compact";
    keep("rows", compact ? "compact" : "");
    first(".rows")?.classList.toggle("is-compact", compact);
    for (const one of document.querySelectorAll("[data-density]")) one.setAttribute("aria-pressed", one === button);
  }

  function speak(text) {
    first("#spoken").textContent = text;
  }

  const links = (selector = "") => [...document.querySelectorAll(`.cover${selector}`)];
  const beside = (rel) => first(`.run-top a[rel="${rel}"]`);

  // In the list a step moves the focus; on a run's page it opens the neighbour.
  function step(by, rel) {
    const link = beside(rel);
    if (link) return link.click();
    const all = links();
    const at = all.indexOf(document.activeElement.closest(".row")?.querySelector(".cover") ?? document.activeElement);
    focus(all[at < 0 ? 0 : at + by]);
  }

  function nextFailed() {
    const link = beside("next");
    if (link) return location.assign(`${link.href.split("?")[0]}?status=attention`);
    const all = links();
    const at = all.indexOf(document.activeElement);
    const found = all.slice(at + 1).find((one) => one.closest(".row")?.querySelector(".state:is(.tone-fail, .tone-late)"));
    if (found) focus(found);
    else window.runboard.note("No failed runs below.");
  }

  const OPENED = "a, button, audio, [tabindex]";
  function output(key) {
    const all = [...document.querySelectorAll(".tile")];
    const own = all.indexOf(document.activeElement.closest(".tile"));
    const at = own < 0 ? [...document.querySelectorAll(".strip-item")].findIndex((one) => one.hasAttribute("aria-current")) : own;
    const next = key === "]" ? all[at + 1] : all[at < 0 ? all.length - 1 : at - 1];
    if (next && !next.querySelector(OPENED)) next.tabIndex = -1; // a file without a link takes the focus itself
    focus(next?.querySelector(OPENED) ?? next);
    next?.scrollIntoView({ block: "nearest" });
  }

  function focus(link) {
    link?.focus({ focusVisible: true });
    link?.scrollIntoView({ block: "nearest" });
  }

  const mark = (key) => window.runboard.fetchOnce(first("[data-marks-js]").dataset.marksJs).then(() => window.runboard.marks.key(key));
  const markable = () => first(".tile .marking, .shot[data-mark]");
  const tile = () => document.activeElement?.closest(".tile")?.querySelector('[data-act="large"]');
  const share = () => first('.may-share .actions a[href$="/share/"]');
  const otherView = () => first(".view-switch a:not([aria-current])");
  const moves = () => beside("next") || links().length;
  const inBar = (key) => first(`.selection:not([hidden], .is-empty) [data-key="${key}"]:not([hidden])`);
  // What each key does, and where its place works; a key without an act is another file's.
  const KEYS = [
    { keys: ["/"], does: "Find a run", works: () => first("#q") && !first("[data-slash]") },
    { keys: ["/"], does: "Find what to follow", works: () => first("[data-slash]") },
    { keys: ["j", "k"], does: "Older, newer run", works: moves, act: (key) => step(...(key === "j" ? [1, "next"] : [-1, "prev"])) },
    { keys: ["f"], does: "Next failed run", works: moves, act: nextFailed },
    { keys: ["[", "]"], does: "Previous, next output", works: () => first("#outputs[data-viewers] .tile"), act: output },
    { keys: ["Space"], does: "Enlarge output", works: () => first('.tile [data-act="large"]') },
    { keys: ["←", "→"], does: "Move between files", works: () => first(".shot") },
    { keys: ["Space"], does: "Enlarge file", works: () => first(".shot") },
    { keys: ["o"], does: "Open, close a stack", works: () => first(".is-stack") },
    { keys: ["g"], does: "List or gallery", works: otherView, act: () => otherView().click() },
    { keys: ["p"], does: "Pick output", works: markable, act: mark },
    { keys: ["r"], does: "Reject output", works: markable, act: mark },
    { keys: ["1", "2", "3", "4", "5"], does: "Rate output", works: markable, act: mark },
    { keys: ["c"], does: "Copy link", works: () => first("[data-copy-link]"), act: () => first("[data-copy-link]").click() },
    { keys: ["s"], does: "Share", works: share, act: () => share().click() },
    { keys: ["."], does: "Pause live updates", works: () => first("[data-pause]"), act: () => first("[data-pause]").click() },
    { keys: [/Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl", "K"], does: "Go anywhere", works: () => document.body.dataset.palette },
    { keys: ["x"], does: "Select run", works: () => first(".tick") },
    { keys: ["Shift", "x"], does: "Select up to here", works: () => first(".tick") },
    { keys: ["t"], does: "Tag the selected runs", works: () => inBar("t") },
    { keys: ["*"], does: "Star the selected runs", works: () => inBar("*") },
    { keys: ["d"], does: "Download their files", works: () => inBar("d") },
    { keys: ["s"], does: "Share them as a sheet", works: () => inBar("s") },
    { keys: ["Esc"], does: "Clear the selection", works: () => inBar("d") },
    { keys: ["t"], does: "Switch theme", works: () => !inBar("t"), act: theme },
    { keys: ["?"], does: "Show shortcuts", works: () => true, act: () => sheet() },
  ];

  function sheet() {
    if (first("#keys[open]")) return;
    first("#keys")?.remove(); // just closed: its close event is still to come
    const shown = box(`<dialog id="keys" class="sheet" aria-labelledby="keys-title">
      <div class="section-head"><h2 id="keys-title">Keyboard shortcuts</h2><span class="tag">off while typing</span></div>
      <dl></dl>
      <label class="switch"><input type="checkbox" role="switch"><span>Single-key shortcuts</span></label>
      <form method="dialog"><button class="button">Close</button></form>
    </dialog>`);
    for (const { keys, does, works } of KEYS) {
      if (!works()) continue;
      const row = box("<div><dt></dt><dd></dd></div>");
      row.firstChild.append(...keys.map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
      row.lastChild.textContent = does;
      shown.querySelector("dl").append(row);
    }
    const on = shown.querySelector("input");
    on.checked = !off();
    on.addEventListener("change", () => {
      if (on.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "off");
    });
    shown.addEventListener("close", () => shown.remove());
    shown.addEventListener("click", (event) => event.target === shown && shown.close());
    document.body.append(shown);
    shown.showModal();
  }

  function press(event) {
    const typing = event.target.closest?.("input:not([type=range], .tick, .tick-page), textarea, select, video, [contenteditable], dialog, .pswp");
    if (typing || off() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") return large(event);
    const found = KEYS.find((one) => one.act && one.keys.includes(event.key));
    if (!found?.works()) return;
    event.preventDefault();
    found.act(event.key);
  }

  // Space belongs to a button that has the focus; on a tile's picture it opens it.
  function large(event) {
    if (!tile() || event.target.closest("button, summary, audio")) return;
    event.preventDefault();
    tile().click();
  }

  function click(event) {
    const button = event.target.closest?.("[data-density], [data-theme-switch], [data-keys]");
    if (!button) return;
    if (button.dataset.density) density(button);
    else if ("keys" in button.dataset) sheet();
    else theme();
  }

  // A fold that holds one field: open, the field has the focus; Escape closes it again.
  function unfold(event) {
    if (event.target.matches?.("[data-edit][open]")) event.target.querySelector("input:not([type=hidden])")?.focus();
  }

  function fold(event) {
    const edit = event.key === "Escape" && event.target.closest?.("[data-edit][open]");
    if (!edit) return;
    edit.open = false;
    edit.querySelector("summary").focus();
  }

  document.addEventListener("toggle", unfold, true);
  // It may have been opened while this file was on its way.
  const opened = document.activeElement;
  if (opened?.matches("[data-edit][open] > summary")) unfold({ target: opened.parentElement });
  document.addEventListener("keydown", fold);
  document.addEventListener("keydown", press);
  document.addEventListener("click", click);
  window.runboard.later?.({ keydown: press, click });
})();
