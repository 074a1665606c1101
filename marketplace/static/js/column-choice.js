// Hides columns the reader does not want; the choice stays on the device.
export function start(menu) {
  const table = document.getElementById(menu.dataset.table);
  if (!table) return;
  const store = `columns:${menu.dataset.table}`;
  const labels = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const boxes = [...menu.querySelectorAll("input")];
  const read = () => {
    try { return JSON.parse(localStorage.getItem(store) ?? "[]"); } catch { return []; }
  };
  const apply = () => {
    const hidden = boxes.filter((box) => !box.checked).map((box) => box.value);
    for (const row of table.rows) {
      [...row.cells].forEach((cell, at) => cell.classList.toggle("is-column-hidden", row.cells.length > 1 && hidden.includes(labels[at])));
    }
    try { localStorage.setItem(store, JSON.stringify(hidden)); } catch { /* the choice then lasts one page */ }
  };
  const hidden = read();
  for (const box of boxes) {
    box.checked = !hidden.includes(box.value);
    box.addEventListener("change", apply);
  }
  apply();
}
