// What somebody types stays on their device until the form is sent: a weak link loses no answer.
const KEEP_DAYS = 14;
const key = (area) => `draft:${location.pathname}:${area.dataset.draft}`;

function read(area) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(area)) ?? "null");
    if (kept && Date.now() - kept.at < KEEP_DAYS * 86400000) return kept.text;
  } catch { /* a full or forbidden store only means no draft */ }
  return null;
}

function write(area) {
  try {
    if (area.value.trim()) localStorage.setItem(key(area), JSON.stringify({ text: area.value, at: Date.now() }));
    else localStorage.removeItem(key(area));
  } catch { /* as above */ }
}

export function start(area) {
  const kept = read(area);
  if (kept && !area.value.trim()) {
    area.value = kept;
    if (area.dataset.textRestored) {
      const note = document.createElement("p");
      note.className = "draft-note";
      note.setAttribute("role", "status");
      note.textContent = area.dataset.textRestored;
      area.after(note);
    }
  }
  let timer = 0;
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => write(area), 400);
  });
  area.form?.addEventListener("submit", () => {
    clearTimeout(timer);
    // The page that answers with an error brings the text back itself; offline, the draft must stay.
    if (navigator.onLine) {
      try { localStorage.removeItem(key(area)); } catch { /* as above */ }
    }
  });
}
