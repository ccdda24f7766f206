// The true ratio of pictures, and media that do not load.
(() => {
  "use strict";
  // Below the screen a picture takes its own ratio once it is known; in sight nothing jumps, and
  // it stands in the frame it was given. What does not load says so.
  function measure(media) {
    const ratio = (media.naturalWidth || media.videoWidth) / (media.naturalHeight || media.videoHeight);
    const below = !media.closest(".sized") && media.closest(".tiles")?.getBoundingClientRect().top > innerHeight;
    if (ratio > 0 && below) media.closest(".tile")?.style.setProperty("--ratio", Math.min(Math.max(ratio, 0.4), 3).toFixed(4));
    media.closest(".tile")?.classList.remove("is-broken");
    media.closest(".tile")?.querySelector(".would-not")?.remove();
    media.closest(".no-picture")?.classList.remove("no-picture");
  }

  function notice(heading, text, href, label) {
    const told = document.createElement("p");
    const bold = document.createElement("strong");
    const rest = document.createElement("span");
    told.className = "would-not";
    bold.textContent = heading;
    rest.textContent = text;
    told.append(bold, rest);
    if (href) {
      const away = document.createElement("a");
      Object.assign(away, { className: "button small", href, target: "_blank", rel: "noreferrer", textContent: label });
      told.append(away);
    }
    return told;
  }

  // Where a browser cannot decode a film's pictures it plays the sound, and reports no error.
  function withoutPicture(film) {
    const box = film.closest("[data-media]");
    if (!box || box.querySelector(".would-not")) return;
    const { kept, link } = film.closest(".tile")?.dataset ?? {};
    const { codec } = film.dataset;
    const cause = codec ? `This browser can't show ${codec} video.` : "This browser can't show its picture.";
    box.classList.add("no-picture");
    film.after(notice("Sound only", cause, link, kept === undefined ? "Open link" : "Download"));
  }

  function broken(media) {
    media.classList.add("is-broken");
    const tile = media.closest(".tile");
    if (!tile) return;
    tile.classList.add("is-broken");
    if (tile.querySelector(".would-not")) return;
    const { ends, kept, link, lost, missing } = tile.dataset;
    const { codec } = media.dataset;
    const ours = kept !== undefined;
    const over = ends && Date.parse(ends) < Date.now();
    const cause = over ? "ComfyDeploy's link has expired." : "The link may have expired, or this browser can't show the file.";
    const known = codec ? `This browser can't show ${codec} video.` : "This browser can't show this file.";
    const text = ours ? known : lost ? missing : `${cause} ${missing ?? ""}`;
    const href = link && (ours || !(lost || over)) ? link : "";
    const heading = lost ?? (over ? "Link expired" : "Didn't load");
    media.closest("[data-media]").after(notice(heading, text, href, ours ? "Download" : "Open link"));
  }

  const loaded = (media) => (media.matches("video") && !media.videoWidth ? withoutPicture(media) : measure(media));

  document.addEventListener("load", (event) => event.target.matches?.(".tile img") && measure(event.target), true);
  document.addEventListener("loadedmetadata", (event) => event.target.matches?.(".tile video") && loaded(event.target), true);
  document.addEventListener("error", (event) => event.target.matches?.("img, video, audio") && broken(event.target), true);

  function look() {
    for (const image of document.querySelectorAll(".tile img, .thumb img")) {
      if (!image.complete) continue;
      if (image.naturalWidth) measure(image);
      else if (image.currentSrc) broken(image);
    }
    for (const media of document.querySelectorAll(".tile :is(video, audio)")) {
      if (media.error) broken(media);
      else if (media.readyState && media.matches("video")) loaded(media);
    }
  }
  document.addEventListener("htmx:after:swap", look);
  look();
})();
