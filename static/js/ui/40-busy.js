// Buttons that are busy while their form is on its way.
(() => {
  "use strict";
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
})();
