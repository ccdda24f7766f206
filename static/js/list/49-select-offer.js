// The offer to take all runs that match the filter, where the runs of a page are ticked.
(() => {
  "use strict";
  const bar = document.getElementById("selection");
  if (!bar) return;
  const place = bar.querySelector("#selection-all");
  const narrow = matchMedia("(width < 900px)");
  const headless = () => narrow.matches || !document.querySelector(".tick-page");

  // The filter of the list that is shown, without the page's place in it.
  function filter() {
    const query = new URLSearchParams(location.search);
    for (const name of ["after", "before", "saved"]) query.delete(name);
    return query.toString();
  }

  // An offer that comes after the filter was changed is none.
  async function ask() {
    const asked = filter();
    await window.htmx.ajax("GET", `${bar.dataset.url}all/?${asked}`, { target: place, swap: "innerHTML" });
    if (asked !== filter()) place.replaceChildren();
  }

  function draw(ticks, number, taken) {
    const found = Number(place.querySelector("[data-number]")?.dataset.number ?? 0);
    const whole = found > ticks.length && ticks.every((tick) => tick.checked);
    place.hidden = taken || !(headless() ? found > number : whole);
  }

  window.runboard.offer = { filter, headless, ask, draw, clear: () => place.replaceChildren() };
})();
