// Filters: a facet's values come when it opens, and a tick narrows the list at once.
(() => {
  "use strict";
  const OPEN = ".facet[open]";
  let last = document.getElementById("listed")?.getAttribute("hx-get"); // the list that is there
  let here = location.search;
  let wanted = null; // what gets the focus when the list has come
  let asked = 0; // when it was asked for
  const later = new Set(); // chips whose crosses were pressed meanwhile: their addresses are of the old list

  const send = (element, name) => element?.dispatchEvent(new CustomEvent(name));

  // The list of another address, in place; the address is the browser's too.
  function show(url, focus) {
    const listed = document.getElementById("listed");
    if (!listed) return location.assign(url);
    wanted = focus;
    asked = performance.now();
    history.pushState(null, "", url);
    here = location.search;
    listed.setAttribute("hx-get", url);
    send(document.body, "runs-changed");
  }

  function address(form) {
    const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(pairs).toString();
    return query ? `${form.getAttribute("action")}?${query}` : form.getAttribute("action");
  }

  function close(facet, focus) {
    facet.open = false;
    if (focus) facet.querySelector("summary").focus();
  }

  // "toggle" does not bubble.
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (!target.matches?.(OPEN)) return;
      for (const other of document.querySelectorAll(OPEN)) if (other !== target) close(other);
      send(target.querySelector(".facet-pop"), "facet-open");
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    const facet = event.key === "Escape" && document.querySelector(OPEN);
    if (!facet) return;
    event.preventDefault(); // Escape is not the selection's too
    close(facet, true);
  });

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    for (const facet of document.querySelectorAll(OPEN)) {
      if (!facet.contains(event.target)) close(facet);
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const into = event.target.closest(".facet-pop [data-facet-into]");
    const go = event.target.closest("#listed [data-facet-go]");
    if (into || go) event.preventDefault();
    if (into) enter(into);
    if (go) leave(go);
  });

  // A further facet, in the same place.
  async function enter(link) {
    const pop = link.closest(".facet-pop");
    await htmx.ajax("GET", link.href, { target: pop, swap: "innerHTML" });
    pop.querySelector("input:not([type=hidden]), a")?.focus();
  }

  // Presets, "Clear" and crosses: the facet closes, and its chip has the focus.
  function leave(link) {
    if (link.matches(".facet-remove") && waits()) {
      later.add(link.closest(".facet-chip").id);
      return;
    }
    const facet = link.closest(".facet");
    if (facet) close(facet);
    show(link.getAttribute("href"), link.dataset.facetGo || facet?.id);
  }

  const LONGEST = 5000; // ms: a list that has not come by then has failed
  const waits = () => document.getElementById("listed")?.getAttribute("hx-get") !== last && performance.now() - asked < LONGEST;

  document.addEventListener("change", ({ target }) => {
    const form = target.closest?.("[data-facet-form]");
    if (form?.closest("#listed")) show(address(form));
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#listed [data-facet-form]")) return;
    event.preventDefault();
    close(event.target.closest(".facet"), true);
  });

  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("[data-facet-search]")) return;
    const text = target.value.trim().toLowerCase();
    const form = target.closest("form");
    for (const row of form.querySelectorAll(".facet-row")) {
      row.hidden = !row.textContent.toLowerCase().includes(text);
    }
    const rest = form.querySelector(".facet-rest");
    if (rest) rest.open = Boolean(text);
  });

  // What hangs on the list once it is there: the counts of tabs and of the open facet.
  document.addEventListener("htmx:after:swap", ({ target }) => {
    if (target.id !== "listed") return; // another part, while the list is still to come
    const listed = document.getElementById("listed");
    const shown = listed?.getAttribute("hx-get");
    if (!shown || shown === last) return;
    last = shown;
    send(document.getElementById("tabs"), "tabs-stale");
    recount(document.querySelector(OPEN));
    if (wanted) focusOn(wanted);
    wanted = null;
    const [next] = later;
    later.delete(next);
    const cross = next && document.querySelector(`#${next} > .facet-remove`);
    if (cross) leave(cross);
  });
  function focusOn(id) {
    const facet = document.getElementById(id) ?? document.querySelector(".filter-chips .facet");
    facet?.querySelector("summary").focus();
  }

  // The numbers below the values; the values stay as they are, under the hand.
  function recount(facet) {
    const foot = facet?.querySelector(".facet-foot");
    const form = foot?.closest("form[data-facet-form]");
    if (!form) return;
    const query = new URL(address(form), location.href).search;
    const path = foot.dataset.facetUrl;
    htmx.ajax("GET", path + query, { target: foot, select: `#${foot.id}`, swap: "outerMorph" });
  }

  // Back and forward; a jump within the page is told in the same way.
  addEventListener("popstate", () => location.search !== here && location.reload());
})();
