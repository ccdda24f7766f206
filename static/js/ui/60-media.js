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
  }

  function broken(media) {
    media.classList.add("is-broken");
    const tile = media.closest(".tile");
    if (!tile) return;
    tile.classList.add("is-broken");
    if (tile.querySelector(".would-not")) return;
    const told = document.createElement("p");
    const bold = document.createElement("strong");
    const rest = document.createElement("span");
    told.className = "would-not";
    const { ends, kept, link, lost, missing } = tile.dataset;
    const ours = kept !== undefined;
    const over = ends && Date.parse(ends) < Date.now();
    bold.textContent = lost ?? (over ? "Link expired" : "Would not load");
    const cause = over ? "ComfyDeploy's link has ended." : "The link may have ended, or this browser cannot show it.";
    rest.textContent = ours ? "This browser cannot show our copy." : lost ? missing : `${cause} ${missing ?? ""}`;
    told.append(bold, rest);
    if (link && (ours || !(lost || over))) {
      const away = document.createElement("a");
      Object.assign(away, { className: "button small", href: link, target: "_blank", rel: "noreferrer", textContent: ours ? "Download our copy" : "Open the link" });
      told.append(away);
    }
    media.closest("[data-media]").after(told);
  }

  document.addEventListener("load", (event) => event.target.matches?.(".tile img") && measure(event.target), true);
  document.addEventListener("loadedmetadata", (event) => event.target.matches?.(".tile video") && measure(event.target), true);
  document.addEventListener("error", (event) => event.target.matches?.("img, video, audio") && broken(event.target), true);

  function look() {
    for (const image of document.querySelectorAll(".tile img, .thumb img")) {
      if (!image.complete) continue;
      if (image.naturalWidth) measure(image);
      else if (image.currentSrc) broken(image);
    }
    for (const media of document.querySelectorAll(".tile :is(video, audio)")) {
      if (media.videoWidth) measure(media);
      else if (media.error) broken(media);
    }
  }
  document.addEventListener("htmx:after:swap", look);
  look();
})();
