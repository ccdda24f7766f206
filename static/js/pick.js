// In a list below a search field the arrows move through its buttons, and back to the field.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const form = by && event.target.closest?.(".another-find");
    if (!form) return;
    const places = [form.querySelector("input[data-slash]"), ...form.querySelectorAll("[name=pick]")];
    const next = places[places.indexOf(event.target) + by];
    if (!next) return;
    event.preventDefault();
    next.focus({ focusVisible: true });
  });
})();
