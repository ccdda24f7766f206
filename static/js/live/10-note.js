// The note in the corner of a page.
(() => {
  "use strict";
  const SHOWN = 6000;

  // One at a time. What went wrong stays until it is closed; the rest goes after 6 s.
  function note(text, { stays = false } = {}) {
    const place = document.getElementById("notes");
    place.replaceChildren();
    if (!text) return;
    const box = document.createElement("div");
    box.className = "note";
    box.append(...(Array.isArray(text) ? text : [text]));
    place.append(box);
    if (stays) box.append(closer(box));
    else setTimeout(leave, SHOWN, box);
  }
  window.runboard.note = note;
  document.addEventListener("unasked", (event) => note(event.detail.text));

  function closer(box) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "note-close", textContent: "×", ariaLabel: "Close" });
    button.onclick = () => box.remove();
    return button;
  }

  function leave(box) {
    if (box.matches(":hover, :focus-within")) setTimeout(leave, 1000, box);
    else box.remove();
  }
})();
