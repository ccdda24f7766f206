// Tooltips: what a title hides and a moment in full, by hover, focus and tap.
(() => {
  "use strict";
  const HOVER = 400;
  const LEAVE = 120;
  const TIPPED = "[data-tip], [title], time[datetime]";
  const tip = document.createElement("div");
  Object.assign(tip, { id: "tip", className: "tip", popover: "manual" });
  tip.setAttribute("role", "tooltip");
  document.body.append(tip);
  let of = null;
  let next = null;
  let timer;
  let touched = false;

  // A native title would open beside ours, and for a mouse alone.
  function words(element) {
    const title = element.getAttribute("title");
    if (title !== null) {
      element.dataset.tip = title;
      element.removeAttribute("title");
    }
    return element.dataset.tip;
  }

  function lines(element) {
    const held = element.querySelector("time"); // such as when a tag was added
    if (!element.dateTime) return [words(element), held && window.runboard.time.exactly(new Date(held.dateTime))[0]];
    const how = touched ? "Tap again to copy ISO 8601" : element.closest(".row, .card") ? "" : "Click to copy ISO 8601";
    return [...window.runboard.time.exactly(new Date(element.dateTime)), how].filter(Boolean);
  }

  function show(element) {
    clearTimeout(timer);
    const told = lines(element).filter(Boolean);
    if (!told.length) return;
    if (of && of !== element) hide();
    of = element;
    write(told);
    if (!tip.matches(":popover-open")) tip.showPopover();
    place(element.getBoundingClientRect());
    owner()?.setAttribute("aria-describedby", "tip");
  }

  function write(told) {
    tip.replaceChildren(...told.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  }

  function place(rect) {
    const { offsetWidth: wide, offsetHeight: high } = tip;
    const below = rect.bottom + 8 + high < innerHeight || rect.top < high + 16;
    const left = Math.min(Math.max(8, rect.left), innerWidth - wide - 8);
    tip.style.setProperty("left", `${Math.max(8, left)}px`);
    tip.style.setProperty("top", `${below ? rect.bottom + 8 : rect.top - high - 8}px`);
  }

  const owner = () => {
    const active = document.activeElement;
    return active && active !== document.body && focused(active) === of ? active : null;
  };

  function hide() {
    clearTimeout(timer);
    next = null;
    if (document.querySelector('[aria-describedby="tip"]')) {
      document.querySelector('[aria-describedby="tip"]').removeAttribute("aria-describedby");
    }
    of = null;
    if (tip.matches(":popover-open")) tip.hidePopover();
  }

  // A row is one link that lies over its cells: what is under the pointer counts.
  function under(event) {
    const { target } = event;
    if (!target.matches?.(".cover")) return target.closest?.(TIPPED);
    const row = target.closest(".row, .card");
    const below = document.elementsFromPoint(event.clientX, event.clientY).filter((one) => row?.contains(one) && one !== target);
    return below.map((one) => one.closest(TIPPED)).find((one) => one && row.contains(one));
  }

  function focused(element) {
    if (element.matches(TIPPED)) return element;
    if (element.matches(".cover")) return element.closest(".row, .card")?.querySelector("time[datetime]");
    return element.matches("button, a") ? element.querySelector(TIPPED) : null;
  }

  function move(event) {
    if (event.pointerType === "touch") return;
    touched = false;
    const found = tip.contains(event.target) ? of : under(event);
    if (found === next) return;
    next = found;
    clearTimeout(timer);
    if (found === of || (!found && owner())) return;
    timer = found ? setTimeout(show, HOVER, found) : setTimeout(hide, LEAVE);
  }
  document.addEventListener("pointermove", move);

  function focus(event) {
    const found = event.target.matches?.(":focus-visible") && focused(event.target);
    if (found) show(found);
  }
  document.addEventListener("focusin", focus);
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", () => of && hide(), { capture: true, passive: true });
  const point = (event) => { touched = event.pointerType === "touch"; };
  document.addEventListener("pointerdown", point, true);

  async function copy(element) {
    const done = await window.runboard.copy(new Date(element.dateTime).toISOString());
    show(element);
    write([done ? "Copied" : "Not copied"]);
    document.getElementById("spoken").textContent = done ? "Copied" : "Not copied";
  }

  // A tap shows; a click, a second tap or Enter on a moment copies it.
  function click(event) {
    const found = event.target.closest?.(".cover") ? null : event.target.closest?.(TIPPED);
    if (!found) return hide();
    if (touched && of !== found) return show(found);
    if (found.dateTime && !found.closest("a, button, summary")) copy(found);
  }

  function press(event) {
    if (event.key === "Escape") hide();
    else if (event.key === "Enter" && event.target.dateTime) copy(event.target);
  }
  document.addEventListener("click", click);
  document.addEventListener("keydown", press);
  document.addEventListener("htmx:after:swap", () => {
    if (of && !of.isConnected) hide();
  });
  window.runboard.later?.({ pointermove: move, pointerdown: point, click, keydown: press });
  if (document.activeElement) focus({ target: document.activeElement });
})();
