// The gallery's sections: one that goes on with the next page is one wall, another's further files are "continued".
(() => {
  "use strict";
  const REST = "none"; // the runs whose prompts or workflows have no files on their page
  const plural = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
  const wallOf = (section) => section.querySelector(".gallery-wall");

  // A day's numbers are of the whole day; others are of what is shown.
  function add(section, more) {
    if (!("files" in section.dataset)) return;
    for (const name of ["files", "runs", "without"]) section.dataset[name] = Number(section.dataset[name]) + Number(more.dataset[name]);
    const [files, runs, without] = [section.dataset.files, section.dataset.runs, section.dataset.without].map(Number);
    const fill = (name, text) => { (section.querySelector(`[data-told="${name}"]`) ?? {}).textContent = text; };
    fill("files", `${plural(files, "file")} from ${plural(runs, "run")}`);
    fill("without", without ? `${plural(without, runs ? "more run" : "run")} made no files` : "");
    const [own, others] = [section, more].map((one) => one.querySelector("[data-picked]"));
    const picked = Number(own.dataset.picked) + Number(others.dataset.picked);
    own.dataset.picked = picked;
    own.textContent = picked ? `${picked.toLocaleString("en")} picked` : "";
  }

  // Gives the section that the next one may go on with.
  function joined(before, section) {
    const list = wallOf(before);
    if (!list || !wallOf(section)) {
      section.querySelector(".gallery-head")?.remove();
      return section;
    }
    list.append(...section.querySelectorAll(".shot"));
    window.runboard.stacks.gather(list);
    before.append(...section.querySelectorAll("template, .run-tick"));
    add(before, section);
    section.remove();
    return before;
  }

  // The runs without files are told of once, at the end.
  function gatherRest() {
    const [rest, ...further] = document.querySelectorAll(`.gallery-section[data-section="${REST}"]`);
    for (const one of further) {
      add(rest, one);
      one.remove();
    }
    if (!rest) return;
    const page = [...document.querySelectorAll(".gallery-page")].at(-1);
    page.insertBefore(rest, page.querySelector(":scope > .gallery-older"));
  }

  function join() {
    for (const old of document.querySelectorAll(".gallery-page:not(:last-child) .gallery-older")) old.remove();
    gatherRest();
    const last = new Map(); // key: the last section with it
    let before = null;
    for (const section of document.querySelectorAll(".gallery-section")) {
      const key = section.dataset.section;
      const known = last.get(key);
      if (before?.dataset.section === key) before = joined(before, section);
      else {
        if (known && "files" in section.dataset) {
          section.querySelector(".gallery-continued").hidden = false;
          section.dataset.part = Number(known.dataset.part ?? 0) + 1;
        }
        before = section;
      }
      last.set(key, before);
    }
  }

  window.runboard.sections = { join };
})();
