// Viewers of outputs: what is done with a tile, texts and models. live.js fetches this file when
// a hand comes near an output, or where there is something to play.
(() => {
  "use strict";
  const section = () => document.getElementById("outputs");
  const tiles = () => [...document.querySelectorAll(".tile")];
  const tileOf = (element) => element.closest?.(".tile");
  const fetchOnce = window.runboard.fetchOnce;
  const speak = (text) => { document.getElementById("spoken").textContent = text; };

  const note = window.runboard.note;

  // The actions of a tile are made when they are first needed: 400 tiles would carry 2,000 buttons.
  function equip(tile) {
    const place = tile?.querySelector(":scope > .tile-actions");
    const kit = document.getElementById("tile-actions")?.content.cloneNode(true);
    if (!place || !kit || place.childElementCount) return;
    const { page, pair, loopback } = section().dataset;
    if (!tile.classList.contains("tile-image")) for (const one of kit.querySelectorAll("[data-for]")) one.remove();
    fill(kit.querySelector("[data-download]"), tile.dataset.link);
    fill(kit.querySelector("[data-side-by-side]"), pair && `${pair}?a=${tile.id.slice(2)}`);
    const copy = kit.querySelector("[data-copy-text]");
    copy.dataset.copyText = `${page ?? location.href.split("#")[0]}#${tile.id}`;
    if (loopback !== undefined) copy.dataset.loopback = "";
    for (const one of kit.children) one.setAttribute("aria-label", `${one.getAttribute("aria-label")} ${tile.dataset.name}`);
    place.append(kit);
  }

  function fill(link, address) {
    if (!link) return;
    if (address) link.href = address;
    else link.remove();
  }

  const near = (event) => equip(tileOf(event.target));
  document.addEventListener("pointerover", near);
  document.addEventListener("focusin", near);

  // Fingers do not hover: their tiles carry the actions from the start.
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) equip(target);
  });
  function watch() {
    if (matchMedia("(pointer: coarse)").matches) for (const tile of tiles()) seen.observe(tile);
  }
  document.addEventListener("htmx:after:swap", watch);
  watch();
  for (const tile of document.querySelectorAll(".tile:is(:hover, :focus-within)")) equip(tile);

  // Few outputs one by one: the column of all of them, and which one is looked at.
  const column = () => document.querySelector(".filmstrip");
  const row = () => document.querySelector(".tiles.is-large");
  function mark(id) {
    for (const link of column()?.querySelectorAll("a") ?? []) {
      const own = link.hash === `#${id}`;
      if (own && !link.hasAttribute("aria-current")) link.parentElement.parentElement.scrollTop = link.offsetTop - link.parentElement.parentElement.offsetTop - 3;
      link.toggleAttribute("aria-current", own);
      if (own) link.setAttribute("aria-current", "true");
    }
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".strip-item");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const tile = document.getElementById(link.hash.slice(1));
    row().scrollTo({ left: tile.offsetLeft - row().offsetLeft });
    mark(tile.id);
  });
  function seek() {
    const at = Math.round(row().scrollLeft / row().clientWidth);
    mark(tiles()[at]?.id);
  }
  document.addEventListener("scroll", ({ target }) => target === row() && seek(), { capture: true, passive: true });
  if (row()) seek(); // it may have gone on before this was fetched

  // A picture as PNG, which is what every clipboard takes.
  async function png(address) {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
    canvas.getContext("2d").drawImage(image, 0, 0);
    return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("empty"))), "image/png"));
  }

  async function copyImage(address) {
    if (new URL(address, location.href).origin !== location.origin) {
      return note("Not copied. The browser can't read images from another site. Download it instead.");
    }
    if (!window.isSecureContext || !window.ClipboardItem) {
      return note("Not copied. Copying images needs HTTPS. Download it instead.");
    }
    try {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png(address) })]);
      note("Image copied");
    } catch {
      note("Not copied. The browser blocked it, or the image didn't load.");
    }
  }

  function saveText(button) {
    const tile = tileOf(button);
    const text = tile.querySelector("[id^='m-']").textContent;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const ending = `.${button.dataset.ending}`;
    link.download = tile.dataset.name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80) + ending;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // Textures of a model come as blob: addresses. Without createImageBitmap its loader reads them
  // as pictures, which the page's policy allows, and not by fetch, which it does not.
  async function showModel(box) {
    const tile = tileOf(box);
    const button = box.querySelector("button");
    button.setAttribute("aria-busy", "true");
    window.createImageBitmap = undefined;
    try {
      await fetchOnce(section().dataset.modelViewer);
    } catch {
      return noModel(box);
    }
    const viewer = document.createElement("model-viewer");
    viewer.setAttribute("camera-controls", "");
    viewer.setAttribute("interaction-prompt", "none");
    viewer.alt = `3D model ${tile.dataset.name}`;
    viewer.src = box.dataset.model;
    viewer.addEventListener("error", () => noModel(box), { once: true });
    viewer.addEventListener("load", () => { box.dataset.shown = ""; }, { once: true });
    box.replaceChildren(viewer);
    await viewer.updateComplete;
    dress(viewer.shadowRoot);
  }

  // The page's policy stops the viewer's own style elements, not sheets that a script hands over.
  function dress(root) {
    root.adoptedStyleSheets = [...root.querySelectorAll("style")].map((own) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(own.textContent);
      return sheet;
    });
  }

  function noModel(box) {
    const told = document.createElement("p");
    const link = document.createElement("a");
    told.className = "model-message";
    link.href = tileOf(box).dataset.link;
    link.textContent = "Download";
    told.append("This model can't be shown: it uses Draco or KTX2, or has several files. ", link);
    box.replaceChildren(told);
  }

  async function large(tile) {
    const { viewersCss, photoswipe, photoswipeCss, largeJs, marksJs } = section().dataset;
    const files = [photoswipe, photoswipeCss, viewersCss, largeJs, marksJs];
    try {
      await Promise.all(files.map(fetchOnce));
    } catch {
      return open(tile.querySelector("a.mat").href, "_blank", "noreferrer");
    }
    window.runboard.large(tile);
  }

  const acts = {
    large: (button) => large(tileOf(button)),
    "copy-image": (button) => copyImage(tileOf(button).querySelector("a.mat").href),
    "save-text": saveText,
    model: (button) => showModel(button.closest("[data-model]")),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-act]");
    const act = button && acts[button.dataset.act];
    if (!act || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    act(button);
  });

  window.runboard.viewers = { fetchOnce, note, speak, copyImage };
})();
