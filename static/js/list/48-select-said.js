// What an action with selected runs tells: spoken at its beginning and end, and told until it is
// cleared, on the next page too.
(() => {
  "use strict";
  const TOLD = "runboard:told";
  const told = document.getElementById("selection-said");
  if (!told) return;
  let running = false;

  const answer = () => told.firstElementChild;
  const action = () => answer()?.dataset.action;
  const refused = () => Boolean(told.querySelector(".is-refused"));
  const runs = () => Boolean(told.querySelector("progress"));

  // With a selection its answer is not cleared while it goes on or can be undone.
  const clear = (selected) => {
    if (!runs() && !(selected && told.querySelector("form"))) hush();
  };

  function hush() {
    if (action()) sessionStorage.setItem(TOLD, action());
    told.replaceChildren();
  }

  // How far an action is is not read aloud each second.
  document.addEventListener("htmx:after:swap", ({ target }) => {
    if (target !== told && !told.contains(target)) return;
    const was = running;
    running = runs();
    if (!running || !was) document.getElementById("spoken").textContent = told.querySelector("p")?.textContent ?? "";
  });
  if (action() && action() === sessionStorage.getItem(TOLD)) told.replaceChildren();
  window.runboard.said = { answer, refused, clear, hush };
})();
