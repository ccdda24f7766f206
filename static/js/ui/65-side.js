// The column beside a run's outputs stays in sight: a tall one scrolls to its end, then stays.
(() => {
  "use strict";
  const side = document.querySelector(".run > .side");
  if (!side) return;
  new ResizeObserver(() => side.style.setProperty("--high", `${side.offsetHeight}px`)).observe(side);
})();
