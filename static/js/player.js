// Films and sounds: own controls that are always there, and steps of one frame.
(() => {
  "use strict";
  const LONGEST_FRAME = 0.5;
  const GUESS = 1 / 25;
  const MEDIA = "[data-player] :is(video, audio)";
  const lengths = new WeakMap();
  const boxOf = (element) => element.closest?.("[data-player]");
  const filmOf = (box) => box.querySelector("video, audio");
  const inBox = (box, act) => box.querySelector(`[data-act="${act}"]`);

  function stamp(seconds) {
    const tenths = Math.floor(seconds * 10 + 1e-6);
    const rest = String(Math.floor(tenths / 10) % 60).padStart(2, "0");
    return `${Math.floor(tenths / 600)}:${rest}.${tenths % 10}`;
  }

  function draw(film) {
    const box = boxOf(film);
    if (!box) return;
    const scrub = box.querySelector("[data-scrub]");
    const whole = Number.isFinite(film.duration) ? film.duration : 0;
    scrub.max = whole || 1;
    scrub.value = film.currentTime;
    scrub.style.setProperty("--done", whole ? film.currentTime / whole : 0);
    const told = whole ? `${stamp(film.currentTime)} / ${stamp(whole)}` : stamp(film.currentTime);
    scrub.setAttribute("aria-valuetext", told.replace("/", "of"));
    box.querySelector(".player-time").textContent = told;
    box.toggleAttribute("data-playing", !film.paused);
    box.toggleAttribute("data-muted", film.muted);
    inBox(box, "play").setAttribute("aria-label", film.paused ? "Play" : "Pause");
    inBox(box, "loop").setAttribute("aria-pressed", film.loop);
    inBox(box, "sound").setAttribute("aria-pressed", !film.muted);
  }

  function follow(film) {
    draw(film);
    if (!film.paused && film.isConnected) requestAnimationFrame(() => follow(film));
  }

  for (const name of ["loadedmetadata", "durationchange", "pause", "ended", "seeked", "volumechange", "timeupdate"]) {
    document.addEventListener(name, (event) => event.target.matches?.(MEDIA) && draw(event.target), true);
  }
  document.addEventListener("play", (event) => event.target.matches?.(MEDIA) && follow(event.target), true);

  // The frame that is shown once `film` stands at `at`: its own time, or null if that is not told.
  function frameAt(film, at) {
    return new Promise((done) => {
      const late = setTimeout(() => done(null), 150);
      film.requestVideoFrameCallback((_, { mediaTime }) => {
        clearTimeout(late);
        done(mediaTime);
      });
      film.currentTime = at;
    });
  }

  // Nothing tells how long a frame is, so it is looked for: on, bit by bit, until another is shown.
  async function frameLength(film) {
    if (lengths.has(film) || !film.requestVideoFrameCallback) return lengths.get(film) ?? GUESS;
    const begin = Math.max(0, Math.min(film.currentTime, film.duration - LONGEST_FRAME));
    const first = await frameAt(film, begin + 0.001);
    let length = GUESS;
    for (let ahead = 1 / 120; first !== null && ahead <= LONGEST_FRAME; ahead += 1 / 120) {
      const next = await frameAt(film, begin + ahead);
      if (next === null || next <= first + 0.001) continue;
      length = next - first;
      break;
    }
    lengths.set(film, length);
    return length;
  }

  // Stands in the middle of a frame, so that rounding never shows its neighbour.
  async function step(film, by) {
    if (film.stepping) return;
    film.stepping = true;
    film.pause();
    const from = film.currentTime;
    const length = await frameLength(film);
    const frame = Math.max(0, Math.floor(from / length + 0.001) + by);
    film.currentTime = Math.min((frame + 0.5) * length, film.duration);
    film.stepping = false;
  }

  function full(box) {
    if (document.fullscreenElement) return document.exitFullscreen();
    if (box.requestFullscreen) return box.requestFullscreen();
    return filmOf(box).webkitEnterFullscreen?.();
  }

  const acts = {
    play: (film) => (film.paused ? film.play().catch(() => draw(film)) : film.pause()),
    back: (film) => step(film, -1),
    step: (film) => step(film, 1),
    loop: (film) => { film.loop = !film.loop; draw(film); },
    sound: (film) => { film.muted = !film.muted; },
    full: (film) => full(boxOf(film)),
  };
  const keys = { " ": "play", k: "play", ",": "back", ".": "step", l: "loop", m: "sound", f: "full" };

  document.addEventListener("click", (event) => {
    const box = boxOf(event.target);
    if (!box) return;
    const act = event.target.closest("[data-act]")?.dataset.act ?? (event.target.matches("video") ? "play" : null);
    acts[act]?.(filmOf(box));
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-scrub]")) return;
    const film = filmOf(boxOf(event.target));
    film.currentTime = Number(event.target.value);
    draw(film);
  });

  document.addEventListener("keydown", (event) => {
    const box = boxOf(event.target);
    if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
    const film = filmOf(box);
    const scrub = event.target.matches("[data-scrub]");
    if (event.key === " " && event.target.matches("button")) return;
    if (scrub && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
      const by = (event.key === "ArrowLeft" ? -1 : 1) * (event.shiftKey ? 5 : 1);
      film.currentTime = Math.min(Math.max(0, film.currentTime + by), film.duration || 0);
    } else if (keys[event.key] && inBox(box, keys[event.key])) acts[keys[event.key]](film);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true); // before the page's own shortcuts

  function look() {
    for (const film of document.querySelectorAll(MEDIA)) draw(film);
  }
  document.addEventListener("htmx:after:swap", look);
  look();
})();
