// Keyboard shortcuts of the curation desk. They move the focus and tick items; only Enter on a button decides.
const desk = document.querySelector("[data-desk]");
const keys = document.querySelector("[data-desk-keys]");
const choice = document.querySelector("[data-desk-keys-switch]");
const STORE = "curation-keys";

function remembered() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function remember(isOn) {
  try {
    localStorage.setItem(STORE, isOn ? "on" : "off");
  } catch {
    // private windows may keep nothing; the choice then holds for this page
  }
}

function isTyping(target) {
  return target instanceof HTMLElement && (target.matches("textarea, select, [contenteditable]") ||
    (target.matches("input") && target.type !== "checkbox"));
}

function act(key) {
  if (key === "j" && desk.dataset.next) location.assign(desk.dataset.next);
  else if (key === "k" && desk.dataset.previous) location.assign(desk.dataset.previous);
  else if (key === "n") document.getElementById("note")?.focus();
  else {
    const target = document.querySelector(`[data-desk-form] [data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    target.focus();
    if (target.matches("input[type=checkbox]")) target.click();
  }
  return true;
}

if (desk && keys && choice) {
  keys.hidden = false;
  choice.checked = remembered();
  choice.addEventListener("change", () => remember(choice.checked));
  document.addEventListener("keydown", (event) => {
    if (!choice.checked || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (act(event.key)) event.preventDefault();
  });
}
