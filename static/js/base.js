/* What every page shares: one press sends once, counters count, an open level list closes. */

const RELEASE_AFTER = 10_000; // a form that answers with a file leaves the page where it is
const SHOW_BUSY_AFTER = 400;

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  const release = hold(event.target, event.submitter);
  setTimeout(release, RELEASE_AFTER);
  addEventListener("pageshow", (shown) => shown.persisted && release(), { once: true });
});

document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
  const release = hold(target, detail.requestConfig.triggeringEvent?.submitter ?? target);
  target.addEventListener("htmx:afterRequest", release, { once: true });
});

/* Says "one moment" in the button when it takes long; returns what puts everything back. */
function hold(asking, button) {
  const says = button?.classList.contains("btn");
  const before = says && button.innerHTML;
  const busy = new Set([asking, button].filter(Boolean));
  for (const part of busy) part.setAttribute("aria-busy", "true");
  const soon = says && setTimeout(() => (button.textContent = document.body.dataset.busy), SHOW_BUSY_AFTER);
  return () => {
    clearTimeout(soon);
    for (const part of busy) part.removeAttribute("aria-busy");
    if (says) button.innerHTML = before;
  };
}

document.addEventListener("input", (event) => {
  const counter = document.querySelector(`[data-counts="${CSS.escape(event.target.id)}"] [data-typed]`);
  if (counter) counter.textContent = [...event.target.value].length;
});

document.addEventListener("keydown", (event) => {
  const list = event.key === "Escape" && document.querySelector(".y-levels details[open]");
  if (!list) return;
  list.open = false;
  list.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  const list = document.querySelector(".y-levels details[open]");
  if (list && !list.contains(event.target)) list.open = false;
});
