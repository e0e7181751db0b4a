// Autosave of the draft and photos that are made smaller on the phone before they travel.
const form = document.querySelector("form[data-draft]");
const state = document.querySelector("[data-saved]");
const kept = `draft-${form.dataset.draft}`;
const names = ["title", "problem", "wish"];
const token = form.elements.csrfmiddlewaretoken.value;
const SIDE = 2048;

const say = (words) => { state.textContent = words; };
const typed = () => Object.fromEntries(names.map((name) => [name, form.elements[name].value]));

async function save() {
  const values = typed();
  localStorage.setItem(kept, JSON.stringify(values));
  const body = new FormData();
  for (const name of names) body.append(name, values[name]);
  try {
    const answer = await fetch(form.dataset.save, { method: "POST", body, headers: { "X-CSRFToken": token } });
    if (!answer.ok) throw new Error(String(answer.status));
    say(`${state.dataset.words} ${(await answer.json()).saved}`);
    localStorage.removeItem(kept);
  } catch {
    say(state.dataset.offline);
    later(5000);
  }
}

let timer;
function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

function restore() {
  const unsent = JSON.parse(localStorage.getItem(kept) || "null");
  if (!unsent) return;
  for (const name of names) if (unsent[name]) form.elements[name].value = unsent[name];
  later(0);
}

async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 1_500_000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
  } catch {
    return file; // the server knows more formats and says what it cannot read
  }
}

function send(files) {
  const body = new FormData();
  for (const file of files) body.append("photos", file);
  body.append("csrfmiddlewaretoken", token);
  const request = new XMLHttpRequest();
  const progress = document.querySelector("[data-progress]");
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) progress.textContent = `${progress.dataset.sending} ${Math.round((100 * event.loaded) / event.total)}%`;
  };
  request.onload = () => (request.status < 500 && request.responseText.includes('id="photos"') ? swap(request.responseText) : failed());
  request.onerror = failed;
  request.open("POST", form.dataset.photos);
  request.send(body);
}

function failed() {
  document.querySelector("[data-progress]").textContent = form.dataset.failed;
}

function swap(html) {
  document.getElementById("photos").outerHTML = html;
}

form.addEventListener("input", (event) => { if (names.includes(event.target.name)) later(1000); });
form.addEventListener("change", async (event) => {
  if (event.target.name !== "photos") return;
  send(await Promise.all([...event.target.files].map(smaller)));
  event.target.value = "";
});
form.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-delete]");
  if (!button) return;
  event.preventDefault();
  const headers = { "X-CSRFToken": token, "X-Requested-With": "fetch" };
  const answer = await fetch(button.getAttribute("formaction"), { method: "POST", headers });
  if (answer.ok) swap(await answer.text());
});
form.addEventListener("submit", () => {
  clearTimeout(timer);
  localStorage.setItem(kept, JSON.stringify(typed())); // the next page says that it has arrived
});
addEventListener("online", () => later(0));
restore();
