// Times in the reader's zone, ages that move, and clocks that tick on the server's time.
(() => {
  "use strict";
  const THIN = "\u202f";
  const GAP = "\u00a0";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let ahead = 0; // the server's clock minus this computer's, in ms

  const now = () => Date.now() + ahead;
  const pad = (n) => String(n).padStart(2, "0");

  // As dashboard/domain/format.py has it: the unit first, then half up.
  function took(seconds, tenths = true) {
    if (seconds < 0.001) return `<${THIN}1${THIN}ms`;
    if (seconds < 1 && Math.round(seconds * 1000) < 1000) return `${Math.round(seconds * 1000)}${THIN}ms`;
    const parts = Math.round(seconds * 10);
    if (parts < 600) return tenths ? `${(parts / 10).toFixed(1)}${THIN}s` : `${Math.round(seconds)}${THIN}s`;
    const pair = (n, big, a, b) => `${Math.floor(n / big)}${THIN}${a}${GAP}${pad(n % big)}${THIN}${b}`;
    if (Math.round(seconds) < 3600) return pair(Math.round(seconds), 60, "m", "s");
    if (Math.round(seconds / 60) < 1440) return pair(Math.round(seconds / 60), 60, "h", "m");
    return pair(Math.round(seconds / 3600), 24, "d", "h");
  }

  function span(seconds) {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 60) return `${s}${THIN}s`;
    if (s < 3600) return `${Math.floor(s / 60)}${THIN}min`;
    if (s < 86400) return `${Math.floor(s / 3600)}${THIN}h`;
    const days = Math.floor(s / 86400);
    return days === 1 ? "1 day" : `${days} days`;
  }

  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const DAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");
  const minute = (d) => `${pad(d.getHours())}:${pad(d.getMinutes())}`;
  const clock = (d) => `${minute(d)}:${pad(d.getSeconds())}`;

  function day(date) {
    const today = new Date(now());
    const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate());
    const days = Math.round((midnight - new Date(date.getFullYear(), date.getMonth(), date.getDate())) / 864e5);
    if (days === 0) return "Today";
    if (days === 1) return "Yesterday";
    const year = date.getFullYear() === today.getFullYear() ? "" : ` ${date.getFullYear()}`;
    return `${date.getDate()} ${MONTHS[date.getMonth()]}${year}`;
  }

  const FORMS = {
    age: (d) => `${span((now() - d) / 1000)} ago`,
    ago(d) {
      const seconds = (now() - d) / 1000;
      if (seconds < 3600) return `${span(seconds)} ago`;
      const on = day(d);
      if (on === "Today") return minute(d);
      return on === "Yesterday" ? `${on} ${minute(d)}` : on;
    },
    at(d) {
      const on = day(d);
      if (on === "Today") return `at ${minute(d)}`;
      return on === "Yesterday" ? `yesterday at ${minute(d)}` : `on ${on}`;
    },
    day: (d) => `${day(d)} ${clock(d)}`,
    full: (d) => `${d.getDate()} ${MONTHS[d.getMonth()]} ${d.getFullYear()}, ${minute(d)}`,
    clock,
    tenths: (d) => `${clock(d)}.${Math.floor(d.getMilliseconds() / 100)}`,
  };

  function put(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function tell(element) {
    const stamp = element.dateTime ?? element.dataset.at;
    const date = new Date(stamp);
    if (Number.isNaN(+date)) return;
    put(element, (FORMS[element.dataset.time] || FORMS.ago)(date));
  }

  // A moment in full for the tooltip: here, in UTC, and how long ago.
  function exactly(date) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const on = (d) => `${DAYS[d.getDay()]} ${d.getDate()} ${MONTHS[d.getMonth()]} ${d.getFullYear()}`;
    const parts = (d) => `${clock(d)}.${String(d.getMilliseconds()).padStart(3, "0")}`;
    const utc = date.toISOString().slice(11, 23);
    const ago = (now() - date) / 1000;
    return [`${on(date)}, ${parts(date)} ${zone}`, `${utc} UTC, ${ago < 0 ? "ahead of this clock" : `${took(ago, false)} ago`}`];
  }

  function tick() {
    if (paused()) return;
    for (const element of document.querySelectorAll("[data-since]")) {
      if (element.closest("[data-blind]")) continue;
      const seconds = Math.max(0, (now() - Date.parse(element.dataset.since)) / 1000);
      put(element, took(seconds, !calm.matches));
    }
  }

  const paused = () => document.body.hasAttribute("data-paused");

  function tock() {
    if (paused()) return;
    for (const element of document.querySelectorAll("[data-fresh]")) {
      put(element, `${element.dataset.before}${span((now() - Date.parse(element.dataset.fresh)) / 1000)} ago`);
    }
    for (const element of document.querySelectorAll("[data-until]")) {
      const left = Math.ceil((Date.parse(element.dataset.until) - now()) / 1000);
      put(element, left > 0 ? `Next try in ${span(left)}.` : "Trying again now.");
    }
  }

  function all() {
    const stamp = document.querySelector("[data-now]");
    if (stamp && stamp.dataset.now !== all.read) {
      all.read = stamp.dataset.now;
      ahead = Date.parse(stamp.dataset.now) - Date.now() || 0;
    }
    for (const element of document.querySelectorAll("[data-time]")) tell(element);
    tick();
    tock();
  }

  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = document.querySelector("[data-zone]");
  if (zone) zone.textContent = `Times in ${here.replaceAll("_", " ")}`;
  // The server tells days apart by it from the next page on; readers of shares have no cookie.
  if (document.querySelector(".places") && !document.cookie.split("; ").includes(`zone=${here}`)) {
    document.cookie = `zone=${here}; path=/; max-age=31536000; samesite=lax`;
  }
  let beat = 0;
  setInterval(() => {
    if (document.hidden) return;
    beat += 1;
    if (!calm.matches || beat % 10 === 0) tick();
    if (beat % 10 === 0) tock();
    if (beat % 100 === 0) all();
  }, 100);
  document.addEventListener("htmx:after:swap", all);
  document.addEventListener("visibilitychange", () => document.hidden || all());
  // The one name of ours in the window; the files after this one put into it what others use.
  window.runboard = { time: { now, exactly, tell, took } };
  all();
})();
