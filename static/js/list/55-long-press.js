// A finger that stays on a row or a tile selects its run; its click and its menu are left out then.
(() => {
  "use strict";
  const LONG = 500; // ms
  const MOVED = 10; // px, by which a finger scrolls
  let timer = 0;
  let at = null; // the row under the finger, and where it came down
  let held = false;

  function heldBy(element) {
    const row = element.closest(".row, .shot");
    return row && window.runboard.selection?.tickOf(row);
  }

  function hold() {
    if (!at || held) return;
    held = true;
    window.runboard.selection?.toggle(at.tick);
  }

  function letGo() {
    clearTimeout(timer);
    at = null;
  }

  document.addEventListener("pointerdown", (event) => {
    held = false;
    const tick = event.pointerType === "touch" && !event.target.closest(".tick-hit") && heldBy(event.target);
    if (!tick) return;
    at = { tick, x: event.clientX, y: event.clientY };
    timer = setTimeout(hold, LONG);
  });
  document.addEventListener("pointermove", (event) => {
    if (at && Math.hypot(event.clientX - at.x, event.clientY - at.y) > MOVED) letGo();
  });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, letGo);
  document.addEventListener("contextmenu", (event) => {
    if (!at && !held) return;
    event.preventDefault();
    hold();
  });
  document.addEventListener("click", (event) => {
    if (!held || !event.target.closest(".row, .shot")) return;
    held = false;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();
