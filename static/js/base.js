/* What every page shares: one press sends once, counters count, an open level list closes. */

const RELEASE_AFTER = 10_000; // a form that answers with a file leaves the page where it is
const SHOW_BUSY_AFTER = 400;

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  hold(form, event.submitter);
});

function hold(form, button) {
  const words = button?.querySelector("[data-words]") ?? button;
  const before = words?.innerHTML;
  form.setAttribute("aria-busy", "true");
  button?.setAttribute("aria-busy", "true");
  const soon = setTimeout(() => {
    if (button?.classList.contains("btn")) words.textContent = document.body.dataset.busy;
  }, SHOW_BUSY_AFTER);
  const release = () => {
    clearTimeout(soon);
    form.removeAttribute("aria-busy");
    button?.removeAttribute("aria-busy");
    if (button?.classList.contains("btn")) words.innerHTML = before;
  };
  setTimeout(release, RELEASE_AFTER);
  addEventListener("pageshow", (event) => event.persisted && release(), { once: true });
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
