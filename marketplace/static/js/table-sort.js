// Sorts a short table in place. A cell's data-sort, if given, counts instead of its text.
export function start(table) {
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  const text = (row, at) => row.cells[at].dataset.sort ?? row.cells[at].textContent.trim();
  const language = document.documentElement.lang;
  const words = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const group = new Intl.NumberFormat(language).formatToParts(12345.6);
  const decimal = group.find((part) => part.type === "decimal")?.value ?? ".";
  const number = (value) => {
    const digits = value.replace(new RegExp(`[^0-9${decimal === "." ? "\\." : decimal}-]`, "g"), "").replace(decimal, ".");
    return digits === "" ? NaN : Number(digits);
  };
  headings.forEach((heading, at) => {
    const label = heading.textContent.trim();
    if (!label || heading.querySelector("a")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const order = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", order === 1 ? "ascending" : "descending");
      const isNumeric = heading.classList.contains("is-number");
      const rows = [...body.rows].sort((one, two) => {
        const [left, right] = [text(one, at), text(two, at)];
        if (!isNumeric) return order * words.compare(left, right);
        const [low, high] = [number(left), number(right)];
        if (Number.isNaN(low) || Number.isNaN(high)) return Number.isNaN(low) - Number.isNaN(high);
        return order * (low - high);
      });
      body.append(...rows);
    });
  });
}
