// Outputs: a new signature is no new picture, and what has arrived is marked for a while.
(() => {
  "use strict";
  const unsigned = (url) => {
    try {
      const parts = new URL(url, location.href);
      for (const name of [...parts.searchParams.keys()]) {
        if (/^(x-amz-.*|signature|expires|key-pair-id|policy|sig)$/i.test(name)) parts.searchParams.delete(name);
      }
      return parts.href;
    } catch {
      return url;
    }
  };
  const loaded = (media) =>
    media instanceof HTMLImageElement ? media.complete && media.naturalWidth > 0 : media.readyState > 0 && !media.error;

  window.htmx?.registerExtension("runboard-media", {
    htmx_before_morph_attr(element, { attrName, newValue }) {
      if (!element.matches("img, video, audio")) return true;
      if (newValue === null) return false; // what a reader set, such as loop
      if (attrName !== "src" || !loaded(element)) return true;
      if (element.paused === false) return false; // what plays goes on, whichever copy it is
      return unsigned(element.getAttribute("src")) !== unsigned(newValue);
    },
  });

  let known = new Set();
  const tiles = () => [...document.querySelectorAll(".tile")];
  document.addEventListener("htmx:before:swap", () => {
    known = new Set(tiles().map((tile) => tile.id));
    // What was shown live keeps its room, so that what stands below stays where it is.
    if (document.querySelector("[data-hold-height].is-live")) for (const part of document.querySelectorAll("[data-hold-height]")) part.style.minHeight = `${part.offsetHeight}px`;
    // The same for the cards above the list, when the last run has ended.
    const now = document.querySelector("#now:has(.cards)");
    if (now) now.style.minHeight = `${now.offsetHeight}px`;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.target.id !== "outputs") return;
    for (const tile of tiles().filter((one) => !known.has(one.id))) {
      tile.dataset.new = "";
      setTimeout(() => delete tile.dataset.new, 10000);
    }
  });
})();
