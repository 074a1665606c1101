// One key, one button: what carries data-key is pressed by it while no field has the focus. J and K walk the queue.
export function start(desk) {
  const isTyping = (target) => target instanceof Element && (target.matches("input, textarea, select") || target.isContentEditable);
  const step = (by) => {
    const links = [...desk.querySelectorAll(".desk-queue a")];
    const at = links.findIndex((link) => link.hasAttribute("aria-current"));
    links[at + by]?.click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const button = desk.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    } else if (key === "j") step(1);
    else if (key === "k") step(-1);
  });
}
