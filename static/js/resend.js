// Counts down until another code may be sent; without this script the server says how long to wait.
const button = document.querySelector("[data-resend]");
const end = Date.now() + 1000 * Number(button?.dataset.resend ?? 0);

function show() {
  const left = Math.ceil((end - Date.now()) / 1000);
  button.textContent = left > 0 ? button.dataset.wait.replace("{n}", left) : button.dataset.now;
  if (left > 0) {
    setTimeout(show, 1000);
  } else {
    button.removeAttribute("aria-disabled");
  }
}

if (button && Date.now() < end) {
  show();
}
