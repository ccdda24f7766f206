// Menus, folds, and pages that come back from the browser's memory.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelector(".menu[open]")?.removeAttribute("open");
  });

  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
  });

  // A link to a fold opens it, too.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    const fold = link && document.getElementById(link.hash.slice(1));
    if (fold?.matches("details")) fold.open = true;
  });

  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
