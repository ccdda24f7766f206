// What a gallery adds to the large view: films, its next pages, and what is told of the run.
(() => {
  "use strict";
  const AHEAD = 6; // files before the end at which the next page is asked for

  // Where a run's page has the strip of its files stands what is told of the run.
  function about(pswp, wall) {
    const place = document.createElement("div");
    place.className = "large-about";
    pswp.on("change", () => place.replaceChildren(wall.caption(pswp.currSlide.data.tile)));
    return place;
  }

  // Tiles that come while the view is open stand behind the last one.
  function grow(pswp, wall, items, item) {
    const take = () => {
      const fresh = wall.tiles().slice(items.length);
      items.push(...fresh.map(item));
      if (fresh.length) pswp.dispatch("change");
    };
    pswp.on("change", () => pswp.currIndex > items.length - AHEAD && wall.more());
    document.addEventListener("gallery-grown", take);
    pswp.on("destroy", () => document.removeEventListener("gallery-grown", take));
  }

  function film({ src, msrc, alt }) {
    const video = Object.assign(document.createElement("video"), { src, controls: true, playsInline: true });
    if (msrc) video.poster = msrc;
    video.setAttribute("aria-label", alt);
    return video;
  }

  function films(pswp) {
    const stop = ({ content }) => content.element?.pause?.();
    pswp.on("contentLoad", (event) => {
      const { content } = event;
      if (content.type !== "video") return;
      event.preventDefault();
      content.element = film(content.data);
      content.onLoaded();
    });
    pswp.on("pointerDown", (event) => event.originalEvent.target.closest("video") && event.preventDefault());
    pswp.on("contentDeactivate", stop);
    pswp.on("contentRemove", stop);
  }

  window.runboard.galleryLarge = (pswp, wall, items, item) => {
    films(pswp);
    grow(pswp, wall, items, item);
    return about(pswp, wall);
  };
})();
