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

  window.runboardCopy = copy;

  function say(button, text) {
    const label = button.querySelector("[data-label]");
    document.getElementById("spoken").textContent = text;
    if (!label) return;
    label.was ??= label.textContent;
    label.textContent = text;
    clearTimeout(label.timer);
    label.timer = setTimeout(() => { label.textContent = label.was; }, 2500);
  }

  // A copy icon alone becomes a tick.
  function tick(button) {
    if (button.querySelector("[data-label]")) return;
    button.dataset.copied = "";
    clearTimeout(button.timer);
    button.timer = setTimeout(() => delete button.dataset.copied, 2000);
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
    if (!done) return say(button, "Not copied");
    tick(button);
    say(button, "loopback" in button.dataset ? "Copied. Works only on this computer" : "Copied");
  });

  // The share dialog: opened once its content has come; what it showed of a link goes with it.
  const shareDialog = () => document.querySelector("dialog#share-dialog");
  document.addEventListener("htmx:after:swap", () => {
    const dialog = shareDialog();
    if (!dialog?.childElementCount) return;
    if (!dialog.open) dialog.showModal();
    const copyIt = dialog.querySelector("[autofocus]");
    copyIt?.focus();
    copyIt?.removeAttribute("autofocus");
  });
  document.addEventListener("click", (event) => event.target === shareDialog() && event.target.close());
  document.addEventListener("close", (event) => event.target === shareDialog() && event.target.replaceChildren(), true);

  // The paste box
  // Finds what dashboard/domain/paste.py finds; tests/samples/pastes.json holds both to it.
  const CANONICAL = "(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])";
  const COMPACT = "(?<![\\p{L}\\p{N}_-])[0-9a-f]{32}(?![\\p{L}\\p{N}_-])";
  const UUID = `(?:${CANONICAL}|${COMPACT})`;
  const ANY = new RegExp(UUID, "giu");
  const WHOLE = new RegExp(`^(?:urn:uuid:)?\\{?(${UUID})\\}?$`, "iu");
  const CHUNK = /[^\s"'`<>()[\],|]+/g;
  const NAMES_RUN = /(?:^|[^\p{L}\p{N}_])run[-_]id=\{?$|\/runs?\/\{?$/iu;
  const NAMES_OTHER = /\/workflows?\/\{?$/i;
  const KEYED = /["']run[-_]id\\?["']\s{0,9}[:=]\s{0,9}\\?["']([^"'\\]{32,60})\\?["']/gi;
  const LINES = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;
  const BEFORE = 12;
  const MOST = 200;

  const normal = (id) =>
    id.toLowerCase().replaceAll("-", "").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const whole = (value) => (typeof value === "string" && WHOLE.exec(value.trim())?.[1]) || null;

  function ofJson(text) {
    if (!/^[{[]/.test(text)) return [];
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      return [];
    }
    const ids = [];
    const waiting = [value];
    while (waiting.length) {
      const one = waiting.pop();
      if (one === null || typeof one !== "object") continue;
      if (!Array.isArray(one)) {
        const id = whole(one.run_id) || whole(one["run-id"]) || (Object.hasOwn(one, "status") && whole(one.id));
        if (id) ids.push(id);
      }
      for (const inner of Object.values(one).reverse()) waiting.push(inner);
    }
    return ids;
  }

  function unquoted(text) {
    const bytes = (run) => Uint8Array.from(run.match(/[0-9a-f]{2}/gi), (pair) => parseInt(pair, 16));
    return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => new TextDecoder().decode(bytes(run)));
  }

  // Of a chunk that says which of its IDs is a run's, only these; else all but a workflow's.
  function ofChunk(chunk) {
    const named = [];
    const others = [];
    for (const match of chunk.matchAll(ANY)) {
      const before = chunk.slice(Math.max(0, match.index - BEFORE), match.index);
      if (NAMES_RUN.test(before)) named.push(match[0]);
      else if (!NAMES_OTHER.test(before)) others.push(match[0]);
    }
    return named.length ? named : others;
  }

  function ofText(text) {
    const keyed = [...text.matchAll(KEYED)].map((match) => whole(match[1])).filter(Boolean);
    if (keyed.length) return keyed;
    const plain = unquoted(text);
    const chunks = plain.replace(/[\u2010-\u2014\u2212]/g, "-").match(CHUNK) || [];
    const ids = chunks.flatMap(ofChunk);
    return ids.length ? ids : plain.match(ANY) || [];
  }

  function ofLines(text) {
    const ids = [];
    let rest = [];
    for (const line of text.split(LINES)) {
      const ofLine = ofJson(line.trim().replace(/^data:/, "").trimStart());
      if (!ofLine.length) {
        rest.push(line);
        continue;
      }
      ids.push(...ofText(rest.join("\n")), ...ofLine);
      rest = [];
    }
    return [...ids, ...ofText(rest.join("\n"))];
  }

  function found(text) {
    const trimmed = text.trim();
    const ids = ofJson(trimmed);
    return [...new Set((ids.length ? ids : ofLines(trimmed)).map(normal))];
  }
  window.runboardPaste = { found };

  function feedback(form) {
    const place = form.querySelector("[data-said]");
    const ids = found(form.elements.q.value);
    form.classList.remove("is-bad");
    place.classList.remove("is-bad");
    place.replaceChildren();
    if (!ids.length) return;
    const opened = ids.length > MOST ? `the first ${MOST}` : "all of them";
    if (ids.length > 1) return place.append(`Found ${ids.length.toLocaleString("en")} IDs: opens ${opened}.`);
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
    const off = localStorage.getItem("runboard:keys") === "off";
    if (event.key !== "/" || off || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = document.getElementById("q");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  const labelOf = (button) => button.querySelector("[data-label]") || button;

  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("[data-busy]");
    if (!button || event.defaultPrevented) return;
    button.setAttribute("aria-busy", "true");
    labelOf(button).textContent = button.dataset.busy;
  });

  // A form that htmx sends never gets as far as the handler above.
  const asking = (event) => {
    const form = event.detail.ctx?.sourceElement;
    return form?.matches?.("form") ? form.querySelector("[data-busy]") : null;
  };

  document.addEventListener("htmx:before:request", (event) => {
    const button = asking(event);
    if (!button) return;
    const label = labelOf(button);
    button.was ??= label.textContent;
    button.held = document.activeElement === button;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    label.textContent = button.dataset.busy;
  });

  document.addEventListener("htmx:finally:request", (event) => {
    const button = asking(event);
    if (!button?.disabled) return;
    button.disabled = false;
    button.removeAttribute("aria-busy");
    labelOf(button).textContent = button.was;
    if (button.held && document.activeElement === document.body) button.focus();
  });

  // A link to a fold opens it, too.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    const fold = link && document.getElementById(link.hash.slice(1));
    if (fold?.matches("details")) fold.open = true;
  });

  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
  });

  // Below the screen a picture takes its own ratio once it is known; in sight nothing jumps, and
  // it stands in the frame it was given. What does not load says so.
  function measure(media) {
    const ratio = (media.naturalWidth || media.videoWidth) / (media.naturalHeight || media.videoHeight);
    const below = !media.closest(".sized") && media.closest(".tiles")?.getBoundingClientRect().top > innerHeight;
    if (ratio > 0 && below) media.closest(".tile")?.style.setProperty("--ratio", Math.min(Math.max(ratio, 0.4), 3).toFixed(4));
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
    const { ends, kept, link, lost, missing } = tile.dataset;
    const ours = kept !== undefined;
    const over = ends && Date.parse(ends) < Date.now();
    bold.textContent = lost ?? (over ? "Link expired" : "Would not load");
    const cause = over ? "ComfyDeploy's link has ended." : "The link may have ended, or this browser cannot show it.";
    rest.textContent = ours ? "This browser cannot show our copy." : lost ? missing : `${cause} ${missing ?? ""}`;
    told.append(bold, rest);
    if (link && (ours || !(lost || over))) {
      const away = document.createElement("a");
      Object.assign(away, { className: "button small", href: link, target: "_blank", rel: "noreferrer", textContent: ours ? "Download our copy" : "Open the link" });
      told.append(away);
    }
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
    for (const media of document.querySelectorAll(".tile :is(video, audio)")) {
      if (media.videoWidth) measure(media);
      else if (media.error) broken(media);
    }
  }
  document.addEventListener("htmx:after:swap", look);
  look();
})();
