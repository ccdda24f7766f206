// What only scripts draw, made by the page's own and left in its place on the page of patterns.
(() => {
  "use strict";
  const first = (selector) => document.querySelector(selector);

  function leave(name, made) {
    const left = made.cloneNode(true);
    for (const one of [left, ...left.querySelectorAll("*")]) {
      if (one.id) one.id = `left-${one.id}`;
      if (one.hasAttribute("aria-labelledby")) one.setAttribute("aria-labelledby", `left-${one.getAttribute("aria-labelledby")}`);
      one.removeAttribute("data-fresh");
    }
    first(`[data-drawn="${name}"]`).replaceChildren(left);
  }

  for (const stays of [false, true]) {
    window.runboard.note(stays ? "Runboard isn't responding. Retrying…" : "No failed runs below.", { stays });
    leave(stays ? "a note that stays" : "a note that goes", first("#notes .note"));
  }
  window.runboard.note("");

  const line = first("[data-fresh]").closest(".fresh");
  const before = line.cloneNode(true);
  first("[data-pause]").click();
  leave("paused", line);
  line.replaceWith(before);
  document.body.removeAttribute("data-paused");

  new MutationObserver((_, watch) => {
    const sheet = first("#keys[open]");
    if (!sheet) return;
    watch.disconnect();
    leave("keys", sheet);
    sheet.close();
  }).observe(document.body, { childList: true });
  first(".foot [data-keys]").click();
})();
