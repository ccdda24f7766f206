// Keys of the selection: x on a row, those of the bar, Escape.
(() => {
  "use strict";
  const OFF = "runboard:keys";
  const { selection } = window.runboard;
  if (!selection) return;
  const { bar } = selection;
  const typing = (element) => element.closest?.("input:not(.tick, .tick-page), textarea, select, video, [contenteditable], dialog, .pswp");

  function press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return escape(event);
    if (typing(event.target) || localStorage.getItem(OFF) === "off") return;
    const row = document.activeElement.closest(".row, .shot");
    const tick = event.key.toLowerCase() === "x" && row && selection.tickOf(row);
    const taken = selection.number() && selection.acting();
    const button = taken && bar.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([hidden])`);
    if (!tick && !button) return;
    event.preventDefault();
    if (tick) selection.toggle(tick, event.shiftKey);
    else button.click();
  }

  function escape(event) {
    if (bar.hidden || document.querySelector("dialog[open], .menu[open], .pswp")) return;
    if (typing(event.target) && !bar.contains(event.target)) return;
    event.preventDefault();
    if (!selection.back()) selection.clear();
  }

  document.addEventListener("keydown", press);
})();
