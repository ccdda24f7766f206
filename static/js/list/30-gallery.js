// The gallery: keys between its tiles, what a tile tells, older pages, the large view.
(() => {
  "use strict";
  const AHEAD = 12; // tiles before the end at which the next page is asked for
  const NEAR = 60; // tiles around one among which the row above or below lies
  const { sections, stacks } = window.runboard;
  const wall = () => document.getElementById("gallery");
  const shots = () => [...document.querySelectorAll(".shot:not([hidden])")];
  const shotOf = (element) => element?.closest?.(".shot");
  const linkOf = (shot) => shot.querySelector(".shot-open");
  const older = () => document.querySelector(".gallery-older a");

  // What a tile tells of its run is made when it is looked at: thousands of tiles stay light.
  function caption(shot) {
    const made = document.querySelector(`[data-caption="${shot.dataset.run}"]`).content.cloneNode(true);
    for (const time of made.querySelectorAll("[data-time]")) window.runboard.time.tell(time);
    return made;
  }

  function actions(shot) {
    const made = document.getElementById("shot-actions").content.cloneNode(true);
    const fill = (name, href) => (href ? Object.assign(made.querySelector(name), { href }) : made.querySelector(name).remove());
    fill("[data-shot-run]", linkOf(shot).href);
    fill("[data-shot-download]", shot.dataset.link);
    if (!shot.dataset.opens) made.querySelector("[data-shot='large']").remove();
    const { site, loopback } = wall().dataset;
    const copy = made.querySelector("[data-copy-text]");
    copy.dataset.copyText = `${site}${linkOf(shot).getAttribute("href")}`;
    if (loopback !== undefined) copy.dataset.loopback = "";
    for (const one of made.firstElementChild.children) one.setAttribute("aria-label", `${one.getAttribute("aria-label")} ${shot.dataset.name}`);
    return made;
  }

  function equip(shot) {
    for (const one of document.querySelectorAll(".shot:has(> .shot-actions)")) {
      if (one === shot || one.contains(document.activeElement)) continue;
      for (const part of one.querySelectorAll(":scope > :is(.shot-actions, .shot-caption)")) part.remove();
    }
    if (shot && !shot.querySelector(".shot-actions")) shot.append(actions(shot), caption(shot));
  }

  // One tile is reached by Tab, the others by arrows.
  function rove(shot) {
    for (const link of document.querySelectorAll('.shot-open[tabindex="0"]')) link.tabIndex = -1;
    linkOf(shot).tabIndex = 0;
  }

  function go(shot) {
    if (!shot) return;
    linkOf(shot).focus({ focusVisible: true });
    shot.scrollIntoView({ block: "nearest" });
  }

  function ask() {
    const link = older();
    if (!link || "asked" in link.dataset) return;
    link.dataset.asked = "";
    window.htmx.trigger(link, "older");
  }

  // The tile whose middle is nearest in the next row up or down.
  function across(all, at, down) {
    const place = (shot) => shot.getBoundingClientRect();
    const own = place(all[at]);
    const middle = own.left + own.width / 2;
    const near = all.slice(Math.max(0, at - NEAR), at + NEAR).map((shot) => [shot, place(shot)]);
    const beyond = near.filter(([, box]) => (down ? box.top > own.top + 4 : box.top < own.top - 4));
    const edge = (down ? Math.min : Math.max)(...beyond.map(([, box]) => box.top));
    const row = beyond.filter(([, box]) => box.top === edge);
    const away = ([, box]) => Math.abs(box.left + box.width / 2 - middle);
    return row.sort((one, other) => away(one) - away(other))[0]?.[0];
  }

  // A stack, or closes it again.
  function open(shot) {
    const cover = stacks.toggle(shot);
    if (cover) go(cover);
  }

  const source = {
    tiles: () => shots().filter((shot) => shot.dataset.opens),
    more: ask,
    dress: window.runboard.galleryLarge,
    caption(shot) {
      const made = caption(shot);
      const title = made.querySelector("strong");
      const link = Object.assign(document.createElement("a"), { href: linkOf(shot).href });
      title.replaceWith(link);
      link.append(title);
      return made;
    },
  };

  async function large(shot) {
    const { viewersCss, photoswipe, photoswipeCss, largeJs, marksJs } = wall().dataset;
    try {
      await Promise.all([photoswipe, photoswipeCss, viewersCss, largeJs, marksJs].map(window.runboard.fetchOnce));
    } catch {
      return window.open(shot.dataset.full, "_blank", "noreferrer");
    }
    window.runboard.large(shot, source);
  }

  function click(event) {
    const shot = shotOf(event.target);
    if (!shot || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const button = event.target.closest("[data-shot='large']");
    if (!button && !event.target.closest(".shot-open")) return;
    if (!button && stacks.closed(shot)) open(shot);
    else if (shot.dataset.opens) large(shot);
    else return;
    event.preventDefault();
  }

  const ACTS = {
    ArrowRight: (all, at) => go(all[at + 1]),
    ArrowLeft: (all, at) => go(all[at - 1]),
    ArrowDown: (all, at) => go(across(all, at, true)),
    ArrowUp: (all, at) => go(across(all, at, false)),
    Home: (all) => go(all[0]),
    End: (all) => go(all.at(-1)),
    o: (all, at) => open(all[at]),
    " ": (all, at) => (all[at].dataset.opens ? large(all[at]) : linkOf(all[at]).click()),
  };

  function press(event) {
    const act = ACTS[event.key];
    if (!act || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const all = shots();
    const at = all.indexOf(shotOf(document.activeElement));
    const starts = document.activeElement === document.body && event.key === "ArrowRight" && all.length > 0;
    if (at < 0 ? !starts : event.target.closest(".shot-actions")) return;
    event.preventDefault();
    act(all, at);
  }

  const nearEnd = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && ask(), { rootMargin: "1500px" });

  function settle() {
    if (!wall()) return;
    sections.join();
    stacks.spread();
    const all = shots();
    for (const link of document.querySelectorAll(".shot-open:not([tabindex])")) link.tabIndex = -1;
    if (!document.querySelector('.shot:not([hidden]) > .shot-open[tabindex="0"]') && all[0]) rove(all[0]);
    nearEnd.disconnect();
    if (older()) nearEnd.observe(older());
    document.dispatchEvent(new Event("gallery-grown"));
  }

  // New runs would push aside what is read further down: then they wait for a click.
  function hold(event) {
    if (!["listed", "found"].includes(event.target.id) || document.querySelectorAll(".gallery-page").length < 2) return;
    if (event.target.getAttribute("hx-get") !== wall()?.dataset.of) return; // another filter
    event.preventDefault();
    document.querySelector(".gallery-new").hidden = false;
  }

  document.addEventListener("focusin", ({ target }) => {
    const shot = shotOf(target);
    if (!shot) return;
    rove(shot);
    equip(shot);
    const all = shots();
    if (all.indexOf(shot) >= all.length - AHEAD) ask();
  });
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch" && shotOf(event.target)) equip(shotOf(event.target));
  });
  document.addEventListener("click", click);
  document.addEventListener("keydown", press);
  document.addEventListener("htmx:before:request", hold);
  document.addEventListener("htmx:after:swap", settle);
  document.addEventListener("htmx:finally:request", ({ target }) => delete target.closest?.(".gallery-older a")?.dataset.asked);
  settle();
})();
