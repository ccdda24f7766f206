// Ctrl K, or ⌘ K: fetches and opens the palette.
(() => {
  "use strict";
  const { runboard } = window;
  const [script, style, url] = document.body.dataset.palette?.split(" ") ?? [];
  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    const ours = /Mac|iP/.test(navigator.platform) ? metaKey : ctrlKey;
    if (!url || !ours || shiftKey || altKey || key.toLowerCase() !== "k") return;
    event.preventDefault(); // the browser has a box of its own
    if (document.querySelector("dialog[open], .pswp")) return;
    Promise.all([style, script].map(runboard.fetchOnce))
      .then(() => runboard.palette(url))
      .catch(() => runboard.note("Runboard isn't responding."));
  });
})();
