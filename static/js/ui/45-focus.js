// Where a link or button is gone with the answer it asked for, the keyboard goes on at what came.
(() => {
  "use strict";
  const places = new WeakMap(); // by htmx's context: its source is another once the first is gone

  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const place = ctx?.sourceElement?.dataset?.then;
    if (place && document.activeElement === ctx.sourceElement) places.set(ctx, place);
  });

  document.addEventListener("htmx:finally:request", (event) => {
    const place = places.get(event.detail.ctx);
    if (!place || document.activeElement !== document.body) return;
    const came = document.getElementById(place)?.querySelector("a, button, summary, [tabindex]");
    came?.focus({ focusVisible: true });
  });
})();
