// Two pictures side by side: a choice shows at once, and the slider moves the edge between them.
(() => {
  "use strict";
  const form = document.querySelector(".pair-choice");
  form.addEventListener("change", () => form.requestSubmit());
  form.querySelector(".pair-show").remove();

  const box = document.querySelector("[data-slider]");
  if (!box) return;
  const range = box.querySelector("input");
  const BY = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

  function draw() {
    const seen = Math.round(range.value);
    box.style.setProperty("--cut", `${range.value}%`);
    range.setAttribute("aria-valuetext", `${seen} % A, ${100 - seen} % B`);
  }

  range.addEventListener("input", draw);
  range.addEventListener("keydown", (event) => {
    const way = BY[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    range.value = Number(range.value) + way * (event.shiftKey ? 10 : 2);
    draw();
  });
  draw();
})();
