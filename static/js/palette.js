// The command palette: a combobox over pages, views, this page's actions, workflows and runs.
(() => {
  "use strict";
  const PAUSE = 150; // ms without a key before the server is asked
  // Buttons and links of the page that an action stands for; only those that are there.
  const ACTIONS = [
    ["Switch theme", "[data-theme-switch]"],
    ["Compact rows", '[data-density="compact"][aria-pressed="false"]'],
    ["Roomy rows", '[data-density="roomy"][aria-pressed="false"]'],
    ["Save view", ".save-view > summary"],
    ["Download CSV", "a.as-file"],
    ["Copy run ID", ".run-head [data-copy-text]"],
    ["Copy link", ".run-head [data-copy-link]"],
    ["Share run", '.may-share .actions a[href$="/share/"]'],
    ["Star run", '.run-head .star[aria-pressed="false"]'],
    ["Remove star", '.run-head .star[aria-pressed="true"]'],
    ["Pause live updates", "[data-pause]"],
    ["Keyboard shortcuts", "[data-keys]"],
  ];
  let opening = false;

  function option(id, text) {
    const made = document.createElement("div");
    const label = document.createElement("span");
    Object.assign(made, { id, role: "option", ariaSelected: "false" });
    label.textContent = text;
    made.append(label);
    return made;
  }

  // The actions of this page, each with the element that it presses.
  function actions(group) {
    const targets = new Map();
    ACTIONS.forEach(([text, selector], n) => {
      const target = document.querySelector(selector);
      if (!target) return;
      const made = option(`palette-action-${n}`, text);
      targets.set(made, target);
      group.append(made);
    });
    return targets;
  }

  function start(dialog) {
    const [form, unread, list, none, status] =
      ["form", "[data-unread]", ".palette-list", ".palette-none", "[role=status]"].map((one) => dialog.querySelector(one));
    const input = form.elements.q;
    const place = list.querySelector("[data-found]");
    const targets = actions(list.querySelector("[data-actions]"));
    let asking = new AbortController();
    let timer = 0;
    let asked = ""; // the text that is shown for, or waited for
    let waiting = false; // for the answer for this text
    let entered = false; // Enter came before it, with nothing to choose yet

    const shown = () => [...list.querySelectorAll('[role="option"]:not([hidden])')].filter((one) => !one.closest("[role=group][hidden]"));
    const active = () => document.getElementById(input.getAttribute("aria-activedescendant"));

    function choose(one) {
      active()?.setAttribute("aria-selected", "false");
      if (!one) return input.removeAttribute("aria-activedescendant");
      one.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", one.id);
      one.scrollIntoView({ block: "nearest" });
    }

    function filter() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const group of list.querySelectorAll("[data-local]")) {
        const all = [...group.querySelectorAll('[role="option"]')];
        for (const one of all) {
          const text = one.textContent.toLowerCase();
          one.hidden = !words.every((word) => text.includes(word));
        }
        group.hidden = all.every((one) => one.hidden);
      }
    }

    // What is chosen stays so while it is shown. Only where nothing more is to come is it told.
    function tell() {
      const all = shown();
      choose(all.includes(active()) ? active() : all[0]);
      input.setAttribute("aria-expanded", String(all.length > 0));
      none.hidden = waiting || all.length > 0;
      if (waiting) return;
      const told = [unread.textContent, all.length === 1 ? "1 result" : `${all.length} results`];
      status.textContent = told.join(" ").replace(/\s+/g, " ").trim();
    }

    async function ask() {
      timer = clearTimeout(timer);
      const { signal } = (asking = new AbortController());
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), signal, redirect: "error" });
        if (!answer.ok) throw new Error(answer.status);
        const found = await answer.text();
        if (signal.aborted) return; // other text was typed meanwhile
        waiting = false;
        place.innerHTML = found;
        unread.replaceChildren(...place.querySelectorAll(".palette-unread")); // a list has options alone
        tell();
        if (entered) go(active());
      } catch {
        if (signal.aborted) return;
        waiting = false;
        status.textContent = "Runs can't be searched right now.";
      }
      entered = false;
    }

    function typed() {
      const text = input.value.trim();
      if (text === asked) return;
      asking.abort();
      clearTimeout(timer);
      [asked, waiting, entered] = [text, text !== "", false];
      place.replaceChildren();
      unread.replaceChildren();
      filter();
      choose(null);
      tell();
      if (waiting) timer = setTimeout(ask, PAUSE);
    }

    function enter() {
      if (active() || !waiting) return go(active());
      entered = true;
      if (timer) ask();
    }

    function go(one) {
      if (!one) return;
      dialog.close();
      const target = targets.get(one);
      if (!target) return location.assign(one.dataset.href);
      target.closest(".menu")?.scrollIntoView({ block: "nearest" });
      target.click();
    }

    function move(key) {
      const all = shown();
      const at = all.indexOf(active());
      const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[key];
      choose(all.at(next % (all.length || 1)));
    }

    input.addEventListener("input", typed);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
      event.preventDefault();
      move(event.key);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      enter();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => go(event.target.closest('[role="option"]')));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      asking.abort();
      clearTimeout(timer);
      dialog.remove();
    });
    filter();
    tell();
  }

  async function palette(url) {
    if (opening) return;
    opening = true;
    try {
      const answer = await fetch(url, { redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const made = document.createElement("template");
      made.innerHTML = await answer.text();
      const dialog = made.content.firstElementChild;
      document.body.append(dialog);
      dialog.showModal();
      start(dialog);
    } finally {
      opening = false;
    }
  }

  window.runboard.palette = palette;
})();
