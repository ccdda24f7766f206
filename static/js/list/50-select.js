// Runs that are selected in the list, and the bar that acts on them: those that are ticked, or all
// that match the filter. Another filter, or another page, ends the selection.
(() => {
  "use strict";
  const bar = document.getElementById("selection");
  if (!bar) return;
  const { said, offer } = window.runboard;
  const picked = new Map(); // runs by their IDs: what their rows told when they were seen last
  let every = null; // what was counted, where all that match are selected; of few their IDs
  let filter = offer.filter(); // what the selection was made under
  let from = null; // where a range begins
  let face = "acts";
  let busy = false;

  const part = (name) => bar.querySelector(`#selection-${name}`);
  const ticks = () => [...document.querySelectorAll("#main :is(.row .tick, .run-tick)")];
  const number = () => every?.number ?? picked.size;
  const runs = (n) => (n > 10000 ? "Over 10,000 runs" : `${n.toLocaleString("en")} ${n === 1 ? "run" : "runs"}`);
  const tell = (name, text) => bar.querySelectorAll(`[data-selection="${name}"]`).forEach((one) => { one.textContent = text; });
  const unstars = () => !every && [...picked.values()].every((row) => "starred" in row);
  const rowOf = (tick) => tick.closest(".row, .run-tick").dataset;
  const counted = (tick) => Boolean(every) && (every.few ? every.few.has(tick.value) : !(Number(rowOf(tick).row) > every.upto));
  const pick = (tick) => picked.set(tick.value, { ...rowOf(tick) });

  function draw() {
    if (filter !== offer.filter()) forget();
    const all = ticks();
    for (const tick of all) if (picked.has(tick.value)) pick(tick);
    for (const tick of all) tick.checked = counted(tick) || picked.has(tick.value);
    const head = document.querySelector(".tick-page");
    const some = number() > 0;
    if (head) head.checked = all.length > 0 && all.every((tick) => tick.checked);
    if (head) head.indeterminate = all.some((tick) => tick.checked) && !head.checked;
    if (!some) from = null;
    if (!some && face !== "acts") show("acts");
    bar.hidden = !some && !said.answer();
    bar.classList.toggle("is-empty", !some);
    document.body.classList.toggle("is-selecting", some);
    document.dispatchEvent(new Event("selection-drawn"));
    if (some) describe();
    offer.draw(all, number(), Boolean(every));
  }

  function forget() {
    filter = offer.filter();
    picked.clear();
    every = null;
    offer.clear();
  }

  function describe() {
    const rows = [...picked.values()];
    const sum = (name) => rows.reduce((total, row) => total + Number(row[name] ?? 0), 0);
    const files = sum("files");
    const seconds = sum("seconds");
    const words = [`${files.toLocaleString("en")} ${files === 1 ? "file" : "files"}`];
    if (seconds) words.push(`${window.runboard.time.took(seconds)} together`);
    const many = !every && picked.size > 200; // more IDs than an address takes
    if (many) words.push("zip, CSV and links take up to 200 runs");
    tell("number", runs(number()));
    tell("sum", every ? "all that match" : words.join(", "));
    tell("star", unstars() ? "Unstar" : "Star");
    for (const link of bar.querySelectorAll("[data-for-selected]")) link.href = link.dataset.forSelected + query();
    for (const one of bar.querySelectorAll("[data-for-selected], [data-act=zip]")) one.hidden = many;
    const sheet = bar.querySelector("[data-sheet]"); // of so many runs as fit: a link's runs stand fixed
    if (sheet) Object.assign(sheet, { href: `${sheet.dataset.sheet}?ids=${ids()}`, hidden: many || !ids() });
  }

  // All that match, without the page's place in the list; else the ticked ones.
  const query = () => (every ? filter && `?${filter}` : `?ids=${ids()}`);
  const ids = () => every?.ids ?? [...picked.keys()].join(".");

  function choose(tick, on) {
    ticks().filter(counted).forEach(pick);
    every = null;
    if (on) pick(tick);
    else picked.delete(tick.value);
  }

  function toggle(tick, ranged, on = !tick.checked) {
    const all = ticks();
    const start = all.findIndex((one) => one.value === from);
    const at = all.indexOf(tick);
    const range = ranged && start >= 0 ? all.slice(Math.min(start, at), Math.max(start, at) + 1) : [tick];
    const first = !number();
    for (const one of range) choose(one, ranged || on);
    from = tick.value;
    if (first && offer.headless()) offerAll();
    draw();
  }

  function page(on) {
    every = null;
    for (const tick of ticks()) choose(tick, on);
    if (on) offerAll();
    draw();
  }

  const offerAll = () => offer.ask().then(draw);

  function clear() {
    said.clear(number() > 0);
    picked.clear();
    every = null;
    draw();
  }

  function show(name) {
    const inside = bar.contains(document.activeElement);
    const was = face;
    face = name;
    for (const one of bar.querySelectorAll("[data-face]")) one.hidden = one.dataset.face !== name;
    if (name !== "acts") bar.querySelector(`[data-face="${name}"] :is(input, [tabindex], button)`)?.focus();
    else if (inside) bar.querySelector(`[data-act="${opener ?? was}"]`)?.focus();
  }

  let opener = null; // the button of the face that is open
  const TEXTS = {
    tag: { ask: (n) => `Tag ${runs(n)}`, send: "Add tag", longest: 40 },
    title: { ask: (n) => `Title of ${runs(n)}`, send: "Set title", longest: 120 },
  };

  function ask(kind) {
    const input = part("text");
    Object.assign(input, { value: "", maxLength: TEXTS[kind].longest, required: kind === "tag" });
    tell("ask", TEXTS[kind].ask(number()));
    tell("send", TEXTS[kind].send);
    show("text");
  }

  async function weigh() {
    show("zip");
    part("size").textContent = "Adding up the files…";
    await window.htmx.ajax("GET", `${bar.dataset.url}size/${query()}`, { target: "#selection-size", swap: "innerHTML" });
  }

  // What was done with all that match may have changed what matches; a refused text is asked anew.
  const ends = (action) => action === "remove" || (every && !said.refused());

  async function send(action, text = "") {
    if (busy) return;
    busy = true;
    const whole = every && !every.few; // else their IDs say which: no other filter and no other run
    const values = { action, text, ...(whole ? { all: "1", counted: every.number, upto: every.upto, which: every.which, asked: every.asked } : { ids: ids() }), csrfmiddlewaretoken: bar.querySelector("[name=csrfmiddlewaretoken]").value };
    show("acts");
    const before = said.answer();
    try {
      await window.htmx.ajax("POST", `${bar.dataset.url}${whole ? query() : ""}`, { source: part("said"), target: "#selection-said", swap: "innerHTML", values });
      if (said.answer() !== before && ends(action)) forget();
    } finally {
      busy = false;
    }
    draw();
  }

  const ACTS = {
    tag: () => ask("tag"),
    title: () => ask("title"),
    star: () => send(unstars() ? "unstar" : "star"),
    zip: weigh,
    remove: () => show("remove"),
    clear,
    back: () => show("acts"),
    hush: () => (said.hush(), draw()),
  };

  function act(name) {
    if (name !== "back") opener = name;
    ACTS[name]();
  }

  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) act(button.dataset.act);
    if (event.target.closest("[data-selection-close]")) show("acts");
    const all = event.target.closest("[data-select-all]");
    if (!all) return;
    every = { ...all.dataset, number: Number(all.dataset.number), upto: Number(all.dataset.upto), few: all.dataset.ids && new Set(all.dataset.ids.split(".")) };
    draw();
    bar.querySelector("[data-act]")?.focus();
  });

  bar.addEventListener("submit", (event) => {
    const asked = event.target.dataset.face;
    if (!asked) return;
    event.preventDefault();
    if (asked === "text") send(opener, part("text").value);
    else send("remove");
  });

  document.addEventListener("click", (event) => {
    if (event.target.matches?.(".tick")) toggle(event.target, event.shiftKey, event.target.checked);
    else if (event.target.matches?.(".tick-page")) page(event.target.checked);
  });
  for (const name of ["htmx:after:swap", "htmx:finally:request", "pageshow"]) window.addEventListener(name, draw);
  draw();
  // The tick of a row; of a tile, that of its run.
  const tickOf = (row) => row.querySelector(".tick") ?? document.querySelector(`.run-tick[data-row="${row.dataset.run}"]`);
  window.runboard.selection = { bar, tickOf, toggle, clear, number, back: () => face !== "acts" && (show("acts"), true), acting: () => face === "acts" };
})();
