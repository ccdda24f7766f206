// The log of a live run: asked for while its fold is open and its end is in sight.
(() => {
  "use strict";
  const fold = document.getElementById("log");
  if (!fold) return;
  const text = () => fold.querySelector("[data-follows] pre");
  const atEnd = () => !text() || text().scrollHeight - text().scrollTop - text().clientHeight < 24;
  const steps = () => document.getElementById("steps");
  let follows = false;
  const toEnd = () => { const shown = fold.querySelector("pre"); if (shown) shown.scrollTop = shown.scrollHeight; };

  document.addEventListener("htmx:before:request", (event) => {
    const { id } = event.detail.ctx.sourceElement;
    if (!fold.contains(event.detail.ctx.sourceElement)) return;
    const polls = id === "log-part";
    const still = document.hidden || document.body.hasAttribute("data-paused");
    if (!fold.open || (polls && (still || !atEnd()))) event.preventDefault();
    // The rest of the page goes on while one reads: the steps would grow old beside it.
    if (polls && !still && !atEnd()) steps()?.replaceChildren();
  });

  // Nothing is asked for behind a closed fold: what it told of the running node would grow old.
  fold.addEventListener("toggle", () => {
    if (!fold.open) steps()?.replaceChildren();
  });

  document.addEventListener("htmx:before:swap", () => { follows = Boolean(text()) && atEnd(); });
  document.addEventListener("htmx:after:swap", (event) => {
    if (!fold.contains(event.target)) return;
    if (follows || text()) toEnd();
  });
})();
