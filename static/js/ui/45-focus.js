// Where a link or button is gone with the answer it asked for, the keyboard goes on at what came.
(() => {
  "use strict";
  let held = null;

  document.addEventListener("htmx:before:request", (event) => {
    const source = event.detail.ctx?.sourceElement;
    if (source?.dataset?.then) held = document.activeElement === source ? source : null;
  });

  document.addEventListener("htmx:finally:request", (event) => {
    const source = event.detail.ctx?.sourceElement;
    if (!held || source !== held) return;
    held = null;
    if (document.activeElement !== document.body) return;
    const place = document.getElementById(source.dataset.then);
    const next = place?.querySelector("a, button, [tabindex], summary");
    next?.focus({ focusVisible: true });
  });
})();
