// What the seller receives of the price beside it, told by the server while one types; without this it stands there
// after saving.
const PAUSE = 350;

function named(box, name) {
  const row = box.closest("fieldset.price-row, fieldset.quote-row") ?? box.parentElement;
  const form = box.closest("form");
  const ends = (root) => root?.querySelector(`[name$="-${name}"], [name="${name}"]`);
  return ends(row) ?? form?.querySelector(`[name="${name}"]`);
}

const value = (box, ...names) => names.map((name) => named(box, name)?.value).find((text) => text) ?? "";

export function start(box) {
  const form = box.closest("form");
  let timer = 0;
  let asked = 0;
  let last = null;

  async function tell() {
    const query = new URLSearchParams({
      price: value(box, "unit_price"),
      currency: value(box, "currency"),
      unit: value(box, "price_unit", "unit"),
      incoterm: value(box, "incoterm"),
      place: value(box, "place"),
      goods: value(box, "product"),
    });
    const text = query.toString();
    if (text === last) return;
    last = text;
    const turn = ++asked;
    if (!query.get("price")) {
      box.replaceChildren();
      return;
    }
    try {
      const answer = await fetch(`${box.dataset.address}&${text}`, { headers: { Accept: "text/html" } });
      if (!answer.ok || turn !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      box.replaceChildren(...page.body.children);
    } catch {
      last = null; // the line is slow or gone: the next key tries again
    }
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  };
  form?.addEventListener("input", later);
  form?.addEventListener("change", later);
}
