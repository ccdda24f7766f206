// Copying, with and without the clipboard API, and what the button says of it.
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

  window.runboard.copy = copy;

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
})();
