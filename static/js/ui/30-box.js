// The box that takes anything. What is in it the server says: its message asks, by hx-post.
(() => {
  "use strict";
  let sent = new WeakSet();
  const boxOf = (event) => event.target.closest?.("[data-box]");

  // What was said of an earlier text goes at once, and no late answer brings it back.
  document.addEventListener("input", (event) => {
    const box = boxOf(event);
    if (!box) return;
    const message = box.querySelector("[data-box-message]");
    box.classList.remove("is-bad");
    message.classList.remove("is-bad");
    message.replaceChildren();
    window.htmx.trigger(message, "htmx:abort");
  });

  // No request for an empty box, for one that is being submitted, or for a very long text:
  // reading that costs the server more than the message is worth. It is read when submitted.
  const LONGEST = 100_000;
  document.addEventListener("submit", (event) => boxOf(event) && sent.add(event.target));
  addEventListener("pageshow", () => { sent = new WeakSet(); });  // back again
  document.addEventListener("htmx:config:request", (event) => {
    const box = boxOf(event);
    const text = box?.elements.q.value;
    if (box && (sent.has(box) || !text.trim() || text.length > LONGEST)) event.preventDefault();
  });

  document.addEventListener("paste", (event) => {
    const box = event.target.closest?.("[data-box] input");
    const text = box && event.clipboardData?.getData("text/plain");
    if (!text || !/[\r\n]/.test(text)) return;
    // A text field drops line breaks, which would glue two IDs together. The sign is read as one.
    event.preventDefault();
    const kept = text.replace(/[\r\n]+$/, " ").replace(/\r\n?|\n/g, "↵");
    box.setRangeText(kept, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const off = localStorage.getItem("runboard:keys") === "off";
    if (event.key !== "/" || off || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = document.querySelector("[data-slash]") ?? document.getElementById("q"); // a page's own first
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
