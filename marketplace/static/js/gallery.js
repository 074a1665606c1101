// Marks the thumbnail of the picture that is in view and scrolls to a picture without moving the page.
export function start(gallery) {
  const stage = gallery.querySelector(".gallery-stage");
  const thumbs = [...gallery.querySelectorAll(".gallery-thumbs a")];
  if (thumbs.length < 2) return;
  const mark = (index) => thumbs.forEach((thumb, at) => {
    if (at === index) thumb.setAttribute("aria-current", "true");
    else thumb.removeAttribute("aria-current");
  });
  thumbs.forEach((thumb, at) => thumb.addEventListener("click", (event) => {
    event.preventDefault();
    stage.scrollTo({ left: at * stage.clientWidth, behavior: "auto" });
    mark(at);
  }));
  stage.addEventListener("scroll", () => mark(Math.round(stage.scrollLeft / stage.clientWidth)), { passive: true });
  mark(0);
}
