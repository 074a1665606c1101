// A long list of boxes to tick: a word narrows it, what is ticked is named above it. Without this it is a list that scrolls.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function start(list) {
  const input = list.querySelector("[data-check-filter]");
  const none = list.querySelector("[data-check-none]");
  const said = list.querySelector("[data-check-said]");
  const rows = [...list.querySelectorAll(".check")].map((label) => ({ label, box: label.querySelector("input"), text: fold(label.textContent) }));
  const names = new Intl.ListFormat(document.documentElement.lang || "en", { type: "conjunction", style: "narrow" });

  const narrow = () => {
    const parts = fold(input.value).split(/\s+/).filter(Boolean);
    for (const row of rows) row.label.hidden = !parts.every((part) => row.text.includes(part));
    none.hidden = rows.some((row) => !row.label.hidden);
  };
  const tell = () => {
    const ticked = rows.filter((row) => row.box.checked).map((row) => row.label.textContent.trim());
    said.hidden = !ticked.length;
    said.lastElementChild.textContent = names.format(ticked);
  };
  input.addEventListener("input", narrow);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return; // a word is not an answer: nothing is sent, a single find is ticked
    event.preventDefault();
    const shown = rows.filter((row) => !row.label.hidden);
    if (shown.length === 1) shown[0].box.click();
  });
  list.addEventListener("change", tell);
  narrow();
  tell();
}
