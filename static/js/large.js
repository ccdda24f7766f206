// The large view: PhotoSwipe with our head, film strip and facts. outputs.js fetches both.
(() => {
  "use strict";
  const GUESS = { width: 1600, height: 1200 };
  const ICON = (name) => `<svg class="icon" aria-hidden="true"><use href="${sprite()}#${name}"/></svg>`;
  const sprite = () => document.querySelector("use").getAttribute("href").split("#")[0];
  const wide = () => innerWidth >= 900;

  function made(tag, given = {}, ...inside) {
    const { dataset, ...rest } = given;
    const element = Object.assign(document.createElement(tag), rest);
    Object.assign(element.dataset, dataset);
    element.append(...inside);
    return element;
  }

  function item(tile) {
    const image = tile.querySelector("img") ?? new Image();
    const link = tile.querySelector("a.mat, a.shot-open");
    const src = tile.dataset.full ?? link.href;
    const own = image.currentSrc === src && image.naturalWidth;
    const width = Number(image.getAttribute("width")) || (own ? image.naturalWidth : 0);
    const height = Number(image.getAttribute("height")) || (own ? image.naturalHeight : 0);
    const size = width && height ? { width, height } : { ...GUESS, guessed: true };
    const type = tile.dataset.opens ?? "image";
    return { ...size, type, src, msrc: image.currentSrc || undefined, alt: image.alt || tile.dataset.name, element: link, tile };
  }

  // As `pixels` in dashboard/presentation/format.py has it: 832 × 1,216.
  const count = (n) => n.toLocaleString("en");
  const pixels = ({ width, height, guessed }) => (guessed ? "Unknown" : `${count(width)} × ${count(height)}`);

  function facts(data) {
    const { made: maker, file, kept } = data.tile.dataset;
    const rows = { Size: pixels(data), File: file, "Made by": maker, Stored: kept === undefined ? undefined : "In Runboard" };
    const list = made("dl", { className: "large-facts" });
    for (const [name, value] of Object.entries(rows)) {
      if (!value) continue;
      list.append(made("div", {}, made("dt", { textContent: name }), made("dd", { textContent: value })));
    }
    return list;
  }

  function headOf(pswp) {
    const name = made("strong", { className: "cut" });
    const count = made("span", { className: "large-count" });
    const zoom = (text, level) => made("button", { type: "button", textContent: text, onclick: () => pswp.currSlide.zoomTo(level(pswp.currSlide), undefined, 200) });
    const fit = zoom("Fit", (slide) => slide.zoomLevels.fit);
    const whole = zoom("100 %", () => 1);
    const levels = made("div", { className: "large-zoom", role: "group" }, fit, whole);
    levels.setAttribute("aria-label", "Zoom");
    const actions = made("div", { className: "large-actions" });
    const draw = () => {
      const { currZoomLevel: level, zoomLevels } = pswp.currSlide;
      fit.setAttribute("aria-pressed", Math.abs(level - zoomLevels.fit) < 0.001);
      whole.setAttribute("aria-pressed", Math.abs(level - 1) < 0.001);
    };
    pswp.on("zoomPanUpdate", draw);
    pswp.on("change", () => {
      const { tile } = pswp.currSlide.data;
      name.textContent = name.title = tile.dataset.name;
      count.textContent = `${pswp.currIndex + 1} of ${pswp.getNumItems()}`;
      actions.replaceChildren(...actionsOf(tile));
      draw();
    });
    return made("div", { className: "large-head" }, name, count, levels, actions);
  }

  // The tile's own actions, with their words.
  function actionsOf(tile) {
    const all = [...tile.querySelectorAll(":is(.tile-actions, .shot-actions) > :not([data-act=large], [data-shot=large])")];
    return all.map((one) => {
      const action = one.cloneNode(true);
      action.append(made("span", { textContent: one.title }));
      action.lastChild.dataset.label = "";
      if (action.dataset.act === "copy-image") action.onclick = () => window.runboard.viewers.copyImage(tile.querySelector("a.mat").href);
      delete action.dataset.act;
      return action;
    });
  }

  function strip(pswp, items) {
    const thumbs = items.map((data, index) => {
      const image = made("img", { src: data.msrc || data.src, alt: "", loading: "lazy", decoding: "async", referrerPolicy: "no-referrer" });
      const button = made("button", { type: "button", onclick: () => pswp.goTo(index) }, image);
      button.setAttribute("aria-label", `${index + 1}: ${data.tile.dataset.name}`);
      return button;
    });
    pswp.on("change", () => {
      for (const [index, thumb] of thumbs.entries()) thumb.toggleAttribute("aria-current", index === pswp.currIndex);
      thumbs[pswp.currIndex].setAttribute("aria-current", "true");
      thumbs[pswp.currIndex].scrollIntoView({ block: "nearest", inline: "center" });
    });
    return made("div", { className: "large-strip" }, ...thumbs);
  }

  function side(pswp) {
    const place = made("aside", { className: "large-side" });
    place.setAttribute("aria-label", "About this image");
    const keys = made("p", { className: "large-keys" });
    keys.innerHTML = "<kbd>[</kbd> <kbd>]</kbd> images <kbd>+</kbd> <kbd>−</kbd> zoom <kbd>Esc</kbd> close";
    const draw = () => place.replaceChildren(made("h2", { textContent: "File" }), facts(pswp.currSlide.data), keys);
    pswp.on("change", draw);
    pswp.on("measured", draw);
    return place;
  }

  // Where no size was known before, the picture itself tells it.
  function measure(pswp) {
    pswp.on("loadComplete", ({ content, isError }) => {
      const { data, element } = content;
      if (isError || !data.guessed || !element?.naturalWidth) return;
      Object.assign(data, { width: element.naturalWidth, height: element.naturalHeight, guessed: false });
      pswp.refreshSlideContent(content.index);
      if (content.index === pswp.currIndex) pswp.dispatch("measured");
    });
  }

  // Tab goes round inside.
  function goRound(pswp, back) {
    const all = [...pswp.element.querySelectorAll("a[href], button")].filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled);
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? (back ? all.length - 1 : 0) : (at + (back ? -1 : 1) + all.length) % all.length;
    all[next]?.focus({ focusVisible: true });
  }

  const PAN = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] };

  function keys(pswp) {
    pswp.on("keydown", (event) => {
      const { key } = event.originalEvent;
      const slide = pswp.currSlide;
      const zoomed = slide.currZoomLevel > slide.zoomLevels.fit + 0.001;
      if (key === "Tab") goRound(pswp, event.originalEvent.shiftKey);
      else if (window.runboard.marks?.pressed(pswp, event.originalEvent)) { /* the tile's button is */ }
      else if (key === "[") pswp.prev();
      else if (key === "]") pswp.next();
      else if (key === "+" || key === "=") slide.zoomTo(Math.min(slide.currZoomLevel * 1.5, slide.zoomLevels.max), undefined, 150);
      else if (key === "-") slide.zoomTo(Math.max(slide.currZoomLevel / 1.5, slide.zoomLevels.fit), undefined, 150);
      else if (PAN[key] && zoomed) {
        slide.pan.x += PAN[key][0];
        slide.pan.y += PAN[key][1];
        slide.panTo(slide.pan.x, slide.pan.y);
      } else return;
      event.preventDefault();
      event.originalEvent.preventDefault();
    });
  }

  const options = {
    bgOpacity: 1,
    mainClass: "large",
    showHideAnimationType: "fade",
    wheelToZoom: true,
    zoom: false,
    counter: false,
    loop: false,
    secondaryZoomLevel: 1,
    maxZoomLevel: 4,
    closeTitle: "Close (Esc)",
    arrowPrevTitle: "Previous ([)",
    arrowNextTitle: "Next (])",
    closeSVG: ICON("cross"),
    arrowPrevSVG: ICON("left"),
    arrowNextSVG: ICON("right"),
    errorMsg: "The image didn't load. Its link may have expired.",
    paddingFn: () => ({ top: 64, bottom: wide() || !document.querySelector(".tile-image .marking, .shot[data-mark]") ? 108 : 204, left: wide() ? 32 : 0, right: wide() ? 332 : 0 }),
  };

  const PAGE = { tiles: () => [...document.querySelectorAll(".tile-image:not(.is-broken)")] };

  // `wall` has the tiles; a gallery's brings what else it shows and goes on in (list/20-large.js).
  window.runboard.large = (tile, wall = PAGE) => {
    const tiles = wall.tiles();
    const items = tiles.map(item);
    const pswp = new window.PhotoSwipe({ ...options, dataSource: items, index: Math.max(0, tiles.indexOf(tile)) });
    const before = document.activeElement;
    measure(pswp);
    keys(pswp);
    pswp.on("uiRegister", () => {
      const foot = wall.dress?.(pswp, wall, items, item) ?? strip(pswp, items);
      for (const part of [headOf(pswp), foot, side(pswp), window.runboard.marks?.of(pswp)].filter(Boolean)) {
        pswp.ui.registerElement({ name: part.className, appendTo: "root", onInit: (place) => place.append(part) });
      }
    });
    pswp.on("change", () => pswp.currSlide.data.tile.dispatchEvent(new Event("focusin", { bubbles: true })));
    pswp.on("destroy", () => {
      const shown = items[pswp.currIndex].element;
      (shown.isConnected ? shown : before)?.focus({ focusVisible: true });
    });
    pswp.init();
    pswp.element.setAttribute("aria-label", "Image, enlarged");
    pswp.element.setAttribute("aria-modal", "true");
  };
})();
