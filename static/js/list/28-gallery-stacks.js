// Stacks in the gallery: files of a section that differ in the seed alone, under the newest of them.
(() => {
  "use strict";
  const opened = new Set();
  // A section that is continued further down has stacks of its own.
  const nameOf = (shot) => `${shot.dataset.stack} ${shot.closest(".gallery-section").dataset.part ?? ""}`;
  const closed = (shot) => shot.classList.contains("is-stack") && !opened.has(nameOf(shot));

  // Gives the tile that has the focus then; nothing where the tile is of no stack.
  function toggle(shot) {
    if (!shot.matches(".is-stack, [data-folded]")) return null;
    if (!opened.delete(nameOf(shot))) opened.add(nameOf(shot));
    spread();
    return shot.parentElement.querySelector(`.is-stack[data-stack="${shot.dataset.stack}"]`);
  }

  function spread() {
    for (const shot of document.querySelectorAll(".shot:is(.is-stack, [data-folded])")) {
      const open = opened.has(nameOf(shot));
      if (shot.classList.contains("is-stack")) shot.toggleAttribute("data-open", open);
      else shot.hidden = !open;
    }
  }

  // A stack that goes on with the next page is one; what it tells is told by its files.
  function gather(list) {
    for (const [stack, all] of Map.groupBy(list.querySelectorAll(".shot[data-stack]"), (shot) => shot.dataset.stack)) {
      const [cover, ...rest] = all;
      for (const [index, shot] of rest.entries()) {
        if (all[index].nextElementSibling !== shot) all[index].after(shot);
        shot.classList.remove("is-stack");
        shot.dataset.folded = "";
        shot.querySelector(".shot-pile")?.remove();
        shot.querySelector('[data-pile="told"]')?.remove();
      }
      cover.classList.toggle("is-stack", rest.length > 0);
      if (rest.length) tell(cover, all);
    }
  }

  function tell(cover, all) {
    if (!cover.querySelector(".shot-pile")) cover.append(document.getElementById("shot-pile").content.cloneNode(true));
    if (!cover.querySelector('[data-pile="told"]')) {
      const told = document.createElement("span");
      told.dataset.pile = "told";
      cover.querySelector(".shot-open .sr").append(told);
    }
    const seeds = new Set(all.map((shot) => shot.dataset.inputs)).size === all.length;
    const picks = all.filter((shot) => shot.querySelector(".mark.is-picked")).length;
    const badge = `${all.length.toLocaleString("en")} ${seeds ? "seeds" : "alike"}`;
    const fill = (name, text) => { cover.querySelector(`[data-pile="${name}"]`).textContent = text; };
    fill("badge", badge);
    fill("picks", picks || "");
    fill("told", `, ${badge}${picks ? `, ${picks} picked` : ""}`);
    cover.querySelector(".shot-picks").hidden = !picks;
  }

  // A pick or a rejection, by whatever means.
  function recount({ target }) {
    const shot = target.closest?.(".marking")?.closest(".shot[data-stack]");
    if (shot) gather(shot.parentElement);
  }

  document.addEventListener("htmx:after:swap", recount);
  window.runboard.stacks = { closed, toggle, spread, gather };
})();
