// What only a hand needs is fetched at its first sign, and is told the key or click it missed.
(() => {
  "use strict";
  const SIGNS = ["pointermove", "pointerdown", "keydown", "click", "focusin"];
  const missed = [];
  let later = (document.body.dataset.later || "").split(" ").filter(Boolean);
  window.runboard.later = (takers) => { for (const event of missed) takers[event.type]?.(event); };

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
  window.runboard.fetchOnce = fetchOnce;

  // A fold's own script comes with its first opening.
  document.addEventListener("toggle", ({ target }) => target.dataset.js && fetchOnce(target.dataset.js), true);

  const tiles = () => document.querySelectorAll(".tile");

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
    if (!part || window.runboard.viewers || part.closest("[data-player]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    viewers("viewers", () => part.click());
  });
  document.addEventListener("htmx:after:swap", greet);
  const bell = `runboard:tell:${location.pathname}`;
  // A bell that was turned on in another tab is on in this one too.
  window.addEventListener("storage", (event) => event.key === bell && event.newValue && meet());
  if (localStorage.getItem(bell)) meet();
  else greet();
})();
