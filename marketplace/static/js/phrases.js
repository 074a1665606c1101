// The phrase bank: a word narrows the sentences and opens their groups. Without this it is a list of folded groups.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function start(bank) {
  const input = bank.querySelector("[data-bank-filter]");
  const none = bank.querySelector("[data-bank-none]");
  const groups = [...bank.querySelectorAll("details")].map((group) => ({
    group,
    wasOpen: group.open,
    title: fold(group.querySelector("summary").textContent),
    rows: [...group.querySelectorAll("li")].map((row) => ({ row, text: fold(row.textContent) })),
  }));

  const narrow = () => {
    const parts = fold(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { group, wasOpen, title, rows } of groups) {
      let count = 0;
      for (const { row, text } of rows) {
        row.hidden = !parts.every((part) => text.includes(part) || title.includes(part));
        if (!row.hidden) count += 1;
      }
      group.hidden = !count;
      group.open = parts.length ? count > 0 : wasOpen;
      shown += count;
    }
    none.hidden = shown > 0;
  };
  input.addEventListener("input", narrow);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // a word to search by sends nothing
  });
  // a sentence taken brings the page back to where the message stands, not to its top
  bank.closest("form").addEventListener("submit", () => {
    try { sessionStorage.setItem("bank-at", String(scrollY)); } catch { /* a forbidden store only means the top */ }
  });
  try {
    const at = Number(sessionStorage.getItem("bank-at"));
    sessionStorage.removeItem("bank-at");
    if (at && document.querySelector(".chosen") && !document.querySelector(".error-summary")) {
      const last = [...document.querySelectorAll(".chosen")].at(-1);
      last.scrollIntoView({ block: "center" });
    }
  } catch { /* as above */ }
  narrow();
}
