// Copying, the paste box, busy buttons, and the true ratio of pictures.
(() => {
  "use strict";

  // Plain HTTP has no clipboard API: a copy event carries both forms there.
  function copyOld(text, html) {
    const carry = (event) => {
      event.preventDefault();
      event.clipboardData.setData("text/plain", text);
      if (html) event.clipboardData.setData("text/html", html);
    };
    document.addEventListener("copy", carry, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", carry);
    return done;
  }

  async function copy(text, html) {
    if (!navigator.clipboard || !window.isSecureContext) return copyOld(text, html);
    try {
      if (!html || !window.ClipboardItem) await navigator.clipboard.writeText(text);
      else {
        const blob = (body, type) => new Blob([body], { type });
        await navigator.clipboard.write([
          new ClipboardItem({ "text/plain": blob(text, "text/plain"), "text/html": blob(html, "text/html") }),
        ]);
      }
      return true;
    } catch {
      return copyOld(text, html);
    }
  }

  function say(button, text) {
    const label = button.querySelector("[data-label]");
    document.getElementById("spoken").textContent = text;
    if (!label) return;
    label.dataset.was ??= label.textContent;
    label.textContent = text;
    clearTimeout(label.timer);
    label.timer = setTimeout(() => { label.textContent = label.dataset.was; }, 2500);
  }

  function linkHtml(button) {
    const link = document.createElement("a");
    link.href = button.dataset.copyLink;
    link.textContent = `${button.dataset.copyState} · ${button.dataset.copyTitle}`;
    return link.outerHTML;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy-link], [data-copy-text], [data-copy]");
    if (!button) return;
    const { copyLink, copyText, copy: from } = button.dataset;
    const text = copyLink ?? copyText ?? document.getElementById(from)?.textContent ?? "";
    const done = await copy(text, copyLink && linkHtml(button));
    if (!done) say(button, "Not copied");
    else say(button, "loopback" in button.dataset ? "Copied. Works only on this computer" : "Copied");
  });

  // The paste box
  const ID = /(?<![0-9a-z])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-z])/gi;
  const IN_LINK = /(?:run[-_]id=|\/runs?\/)\{?([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})/gi;
  const normal = (id) =>
    id.toLowerCase().replaceAll("-", "").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

  function found(text) {
    const named = [...text.slice(0, 200000).matchAll(IN_LINK)].map((match) => match[1]);
    return [...new Set((named.length ? named : text.slice(0, 200000).match(ID) || []).map(normal))];
  }

  function feedback(form) {
    const place = form.querySelector("[data-said]");
    const ids = found(form.elements.q.value);
    form.classList.remove("is-bad");
    place.classList.remove("is-bad");
    place.replaceChildren();
    if (!ids.length) return;
    if (ids.length > 1) return place.append(`Found ${ids.length} IDs: opens all of them.`);
    const id = document.createElement("code");
    id.textContent = ids[0];
    place.append("Found one run ID: ", id);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-box]");
    if (form) feedback(form);
  });

  document.addEventListener("paste", (event) => {
    const box = event.target.closest?.("[data-box] input");
    const text = box && event.clipboardData?.getData("text/plain");
    if (!text || !/[\r\n]/.test(text)) return;
    // A text field drops line breaks, which would glue two IDs together.
    event.preventDefault();
    box.setRangeText(text.replace(/[\r\n]+/g, " "), box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "Escape") document.querySelector(".menu[open]")?.removeAttribute("open");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = document.getElementById("q");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("[data-busy]");
    if (!button || event.defaultPrevented) return;
    button.setAttribute("aria-busy", "true");
    (button.querySelector("[data-label]") || button).textContent = button.dataset.busy;
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
  });

  // Pictures take their own ratio once it is known; what does not load says so.
  function measure(media) {
    const ratio = (media.naturalWidth || media.videoWidth) / (media.naturalHeight || media.videoHeight);
    if (ratio > 0) media.closest(".tile")?.style.setProperty("--ratio", Math.min(Math.max(ratio, 0.4), 3).toFixed(4));
    media.closest(".tile")?.classList.remove("is-broken");
    media.closest(".tile")?.querySelector(".would-not")?.remove();
  }

  function broken(media) {
    media.classList.add("is-broken");
    const tile = media.closest(".tile");
    if (!tile) return;
    tile.classList.add("is-broken");
    if (tile.querySelector(".would-not")) return;
    const told = document.createElement("p");
    const bold = document.createElement("strong");
    const rest = document.createElement("span");
    told.className = "would-not";
    bold.textContent = "Would not load";
    rest.textContent = "The link may have ended, or this browser cannot show it.";
    told.append(bold, rest);
    media.closest("[data-media]").after(told);
  }

  document.addEventListener("load", (event) => event.target.matches?.(".tile img") && measure(event.target), true);
  document.addEventListener("loadedmetadata", (event) => event.target.matches?.(".tile video") && measure(event.target), true);
  document.addEventListener("error", (event) => event.target.matches?.("img, video, audio") && broken(event.target), true);

  function look() {
    for (const image of document.querySelectorAll(".tile img, .thumb img")) {
      if (!image.complete) continue;
      if (image.naturalWidth) measure(image);
      else if (image.currentSrc) broken(image);
    }
    for (const video of document.querySelectorAll(".tile video")) {
      if (video.videoWidth) measure(video);
      else if (video.error) broken(video);
    }
  }
  document.addEventListener("htmx:after:swap", look);
  look();
})();
