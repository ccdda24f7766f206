// Picking and rating by keys, and in the large view. Fetched at the first such key or with large.js.
(() => {
  "use strict";
  const made = (tag, given, ...inside) => {
    const element = Object.assign(document.createElement(tag), given);
    element.append(...inside);
    return element;
  };

  const first = (selector) => document.querySelector(selector);
  const MARKS = { p: "picked", r: "rejected" };
  const buttonOf = (tile, key) => tile.querySelector(`.marking [data-word="${MARKS[key] ?? key}"]`);

  // The output that is meant: the one with the focus, else the one that is looked at.
  function meant() {
    const looked = first(".strip-item[aria-current]");
    return document.activeElement.closest(".tile, .shot") ?? (looked ? document.getElementById(looked.hash.slice(1)) : first(".is-large .tile:only-child"));
  }

  let marked = null;
  function key(pressed) {
    marked = meant();
    if (marked) buttonOf(marked, pressed)?.click();
    else window.runboard.note("Choose an output first.");
  }

  // What a key has done is said once it is done.
  document.addEventListener("htmx:after:swap", ({ target }) => {
    if (!marked || !target.closest?.(".marking")) return; // other parts come meanwhile
    first("#spoken").textContent = marked.querySelector(".mark .sr")?.textContent ?? "Mark removed.";
    marked = null;
  });

  // The tile's own mark: its buttons are pressed here, and drawn again once the tile's are.
  function of(pswp) {
    const place = made("div", { className: "large-marking" });
    const button = (own) => {
      const copy = made("button", { type: "button", innerHTML: own.innerHTML, title: own.title || own.dataset.tip, onclick: () => own.click() });
      for (const name of ["aria-label", "aria-pressed", "data-word"]) copy.setAttribute(name, own.getAttribute(name));
      return copy;
    };
    const draw = () => {
      const { tile } = pswp.currSlide.data;
      const focused = place.contains(document.activeElement) && document.activeElement.dataset.word;
      const [choices, ratings] = ["choice", "rating"].map((name) => [...tile.querySelectorAll(`.marking [name=${name}]`)].map(button));
      const told = tile.querySelector(".mark-by")?.textContent ?? tile.querySelector(".mark .sr")?.textContent ?? "";
      place.replaceChildren(...choices, made("div", { className: "large-rating" }, ...ratings), made("p", { className: "large-marked", textContent: told.replace(/\s+/g, " ").trim() }));
      place.hidden = !choices.length && !told;
      if (focused) place.querySelector(`[data-word="${focused}"]`)?.focus({ focusVisible: true });
    };
    pswp.on("change", draw);
    document.addEventListener("htmx:after:swap", draw);
    pswp.on("destroy", () => document.removeEventListener("htmx:after:swap", draw));
    return place;
  }

  // As a key of the page, so only with the page's keys on.
  function pressed(pswp, { key: name, ctrlKey, metaKey, altKey }) {
    if (ctrlKey || metaKey || altKey || !/^[pr1-5]$/.test(name) || localStorage.getItem("runboard:keys") === "off") return false;
    const { tile } = pswp.currSlide.data;
    const own = buttonOf(tile, name);
    if (!own) return false;
    marked = tile;
    own.click();
    return true;
  }

  window.runboard.marks = { key, of, pressed };
})();
