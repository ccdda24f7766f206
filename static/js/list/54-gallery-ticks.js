// Ticks on the tiles of a gallery: the chosen tile's is made when it is looked at, as its actions are.
(() => {
  "use strict";
  const { selection } = window.runboard;
  if (!selection) return;
  const shotOf = (element) => element?.closest?.(".shot");

  function equip({ target, pointerType }) {
    const shot = shotOf(target);
    if (!shot || pointerType === "touch" || shot.querySelector(".shot-tick")) return;
    for (const old of document.querySelectorAll(".shot-tick")) if (!shotOf(old).contains(document.activeElement)) old.remove();
    shot.append(document.getElementById("shot-tick").content.cloneNode(true));
    draw();
  }

  function draw() {
    const chosen = new Set([...document.querySelectorAll(".run-tick:checked")].map((tick) => tick.dataset.row));
    for (const shot of document.querySelectorAll(".shot")) shot.classList.toggle("is-selected", chosen.has(shot.dataset.run));
    for (const box of document.querySelectorAll(".shot-tick input")) box.checked = chosen.has(shotOf(box).dataset.run);
  }

  document.addEventListener("pointerover", equip);
  document.addEventListener("focusin", equip);
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.(".shot-tick input")) return;
    selection.toggle(selection.tickOf(shotOf(event.target)), event.shiftKey, event.target.checked);
  });
  document.addEventListener("selection-drawn", draw);
  draw();
})();
