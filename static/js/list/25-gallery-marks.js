// Marking in the gallery: the buttons of the tile that is chosen, and how many files of a section are picked.
(() => {
  "use strict";
  const ticks = new WeakMap(); // section: picked tiles when it was looked at last
  const blank = () => document.getElementById("shot-marking");
  const sections = () => document.querySelectorAll(".gallery-section");
  const ticked = (section) => section.querySelectorAll(".mark.is-picked").length;
  const nameOf = (shot) => shot.id.slice(2); // g-run-output

  // Keys and the large view press these; marks.js asks for them as on a run's page.
  function marking(shot) {
    const { mark, name } = shot.dataset;
    const made = blank().content.firstElementChild.cloneNode(true);
    const own = shot.querySelector(".mark");
    const choice = ["picked", "rejected"].find((one) => own?.classList.contains(`is-${one}`));
    const rating = Number(own?.dataset.rating ?? 0);
    made.id = `marking-${nameOf(shot).replace(/^\d+-/, "")}`;
    made.querySelector(".mark-by").textContent = own?.title ?? "";
    for (const one of [made, ...made.querySelectorAll("button")]) one.setAttribute("aria-label", one.getAttribute("aria-label").replace("{name}", () => name));
    for (const button of made.querySelectorAll("button")) {
      button.setAttribute("hx-post", mark);
      const { word } = button.dataset;
      const on = word === choice || Number(word) === rating;
      button.setAttribute("aria-pressed", on);
      if (on) button.value = button.name === "rating" ? 0 : ""; // pressed again it is taken back
      if (Number(word) <= rating) button.querySelector("use").setAttribute("href", button.querySelector("use").getAttribute("href").replace(/#.*/, "#starred"));
    }
    return made;
  }

  // The answer finds its place also on a tile that had no mark.
  function place(shot) {
    if (shot.querySelector(".mark")) return;
    const id = `mark-${nameOf(shot)}`;
    shot.querySelector(".shot-open").after(Object.assign(document.createElement("span"), { className: "mark", id }));
    shot.querySelector(".shot-open").setAttribute("aria-describedby", id);
  }

  document.addEventListener("focusin", ({ target }) => {
    const shot = target.closest?.(".shot[data-mark]");
    if (!shot || !blank()) return;
    for (const old of document.querySelectorAll(".shot > .marking:not(:has(.htmx-request))")) if (old.parentElement !== shot) old.remove();
    if (shot.querySelector(".marking")) return;
    place(shot);
    shot.append(marking(shot));
    window.htmx.process(shot.lastElementChild);
  });

  // The whole section's picks, of which those on the page are a part.
  function recount(section) {
    const told = section.querySelector("[data-picked]");
    const now = Math.max(0, Number(told.dataset.picked) + ticked(section) - ticks.get(section));
    told.dataset.picked = now;
    told.textContent = now ? `${now.toLocaleString("en")} picked` : "";
  }

  document.addEventListener("htmx:after:swap", ({ target }) => {
    const section = target.closest?.(".marking")?.closest(".gallery-section");
    if (section && ticks.has(section)) recount(section);
  });
  document.addEventListener("gallery-grown", () => {
    for (const section of sections()) ticks.set(section, ticked(section));
  });
})();
