// Printing waits for pictures that have not been loaded yet.
(() => {
  "use strict";
  const PATIENCE = 10_000; // ms
  const load = (image) => {
    image.loading = "eager";
    return image.decode().catch(() => {});
  };
  const loadAll = () => Promise.all([...document.querySelectorAll("main img")].map(load));

  window.addEventListener("beforeprint", loadAll);

  document.addEventListener("keydown", async (event) => {
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (key.toLowerCase() !== "p" || !(ctrlKey || metaKey) || shiftKey || altKey) return;
    event.preventDefault();
    await Promise.race([loadAll(), new Promise((done) => { setTimeout(done, PATIENCE); })]);
    window.print();
  });
})();
