// Tell me when it ends: one notice over all tabs of a run, or a title that flashes.
(() => {
  "use strict";
  const KEY = `runboard:tell:${location.pathname}`;
  const ENDED = "ended";
  const INSTEAD = "The tab title will change instead.";
  const part = () => document.getElementById("live");
  const bell = () => document.querySelector("[data-bell]");
  const ended = () => part() && "ended" in part().dataset;
  let way = localStorage.getItem(KEY); // "notice", "title" or nothing

  // Why the browser would show no notice; asks for leave where it was not asked yet.
  async function hindrance() {
    if (!window.isSecureContext || !("Notification" in window)) return `Notifications need HTTPS. ${INSTEAD}`;
    if (Notification.permission === "default") await Notification.requestPermission();
    if (Notification.permission !== "granted") return `This browser blocks notifications from Runboard. ${INSTEAD}`;
    return "";
  }

  async function turn() {
    if (way) {
      set(null);
      return window.runboard.note("Notification off.");
    }
    const why = await hindrance();
    if (ended()) return;
    set(why ? "title" : "notice");
    window.runboard.note(why || "You'll be notified when it ends. Keep this tab open.");
  }

  function set(value) {
    way = value;
    if (value) localStorage.setItem(KEY, value);
    else localStorage.removeItem(KEY);
    reflect();
  }

  function reflect() {
    bell()?.setAttribute("aria-pressed", String(Boolean(way)));
  }

  async function once(act) {
    await navigator.locks.request(KEY, () => {
      if (localStorage.getItem(KEY) === ENDED) return;
      localStorage.setItem(KEY, ENDED);
      act();
    });
  }

  function notify() {
    const announcement = part().dataset.announcement;
    try {
      const notice = new Notification(announcement, { body: document.getElementById("headline")?.textContent ?? "", tag: KEY });
      notice.onclick = () => {
        window.focus();
        notice.close();
      };
    } catch {
      flash(); // some phones show notices of service workers only
    }
  }

  function flash() {
    if (!document.hidden && document.hasFocus()) return;
    const title = document.title;
    let on = false;
    const timer = setInterval(() => {
      on = !on;
      document.title = on ? `Ended · ${title}` : title;
    }, 1000);
    const signs = ["focus", "pointermove", "keydown"];
    const stop = () => {
      clearInterval(timer);
      document.title = title;
      for (const sign of signs) window.removeEventListener(sign, stop);
    };
    for (const sign of signs) window.addEventListener(sign, stop);
  }

  function look() {
    if (!ended()) return reflect();
    const told = way;
    way = null;
    if (told === "notice") once(notify);
    else if (told === "title") {
      localStorage.setItem(KEY, ENDED);
      flash();
    }
  }

  window.addEventListener("storage", (event) => {
    if (event.key !== KEY || event.newValue === ENDED) return;
    way = event.newValue;
    reflect();
  });

  function click(event) {
    if (event.target.closest?.("[data-bell]")) turn();
  }
  document.addEventListener("click", click);
  document.addEventListener("htmx:after:swap", look);
  // Opened after its end, or told of an end that was none: an assumed timeout can come back.
  if (ended() || way === ENDED) set(null);
  else reflect();
  window.runboard.later?.({ click });
})();
