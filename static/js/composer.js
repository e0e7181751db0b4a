// What is being written and what has not been stored yet: kept on this device, sent once, cleared when it is stored.
const ROWS = 6;
const ANSWER_WITHIN = 8_000;
const AGAIN_AFTER = 5_000;
const SHOW_BUSY_AFTER = 400;

const keep = {
  read(name) {
    try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
  },
  write(name, value) {
    try {
      if (value) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
    } catch { /* a device that keeps nothing still sends */ }
  },
};

function newKey() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

export class Composer {
  // words: the sentences of the page; shout(item) sends through the socket and says whether it could;
  // sending(item), stored(answer) and dropped(key) tell the list of posts.
  constructor(form, { words, owner, shout, sending, stored, dropped }) {
    Object.assign(this, { form, words, shout, sending, stored, dropped });
    this.text = form.elements.text;
    this.button = form.querySelector("button");
    this.name = `talk-${form.action}-${owner}`;
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    form.querySelector("[data-unreply]").addEventListener("click", (event) => { event.preventDefault(); this.answer(); });
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.button.click();
    });
    addEventListener("online", () => this.push());
    this.restore();
  }

  part(name) {
    return this.form.querySelector(`[data-${name}]`);
  }

  answer(number = "", words = "") {
    this.form.elements.reply_to.value = number;
    this.part("answered").textContent = words;
    this.part("answering").hidden = !number;
    this.typed();
    if (number) this.text.focus();
  }

  typed() {
    const left = this.text.maxLength - [...this.text.value].length;
    this.part("left").textContent = this.words.left.replace("{n}", left);
    this.text.rows = 1;
    while (this.text.rows < ROWS && this.text.scrollHeight > this.text.clientHeight) this.text.rows += 1;
    if (this.item) return;
    const { text, reply_to: reply } = this.form.elements;
    keep.write(this.name, text.value && { text: text.value, reply_to: reply.value, about: this.part("answered").textContent });
    this.part("draft").textContent = text.value ? this.words.draft : "";
  }

  restore() {
    const kept = keep.read(this.name);
    if (kept && (!this.text.value || this.text.value === kept.text)) {
      this.text.value = kept.text;
      if (kept.reply_to) this.answer(kept.reply_to, kept.about);
    }
    this.form.elements.key.value = newKey(); // a browser may have put an old one back
    if (kept?.key && this.text.value === kept.text) {
      this.begin(kept);
      this.again = setTimeout(() => this.push(), AGAIN_AFTER);
    }
    this.typed();
  }

  submit() {
    const text = this.text.value.trim();
    if (!text || this.item) return;
    const { key, reply_to: reply } = this.form.elements;
    this.begin({ key: key.value, text, reply_to: reply.value || null, about: this.part("answered").textContent });
    this.push();
  }

  begin(item) {
    this.item = item;
    keep.write(this.name, item);
    this.complain("");
    this.text.readOnly = true;
    this.button.setAttribute("aria-busy", "true");
    this.busy = setTimeout(() => { this.button.textContent = this.words.sending; }, SHOW_BUSY_AFTER);
    this.sending(item);
  }

  // Through the socket while it is there, else by an ordinary request. The key lets the server store it once.
  push() {
    clearTimeout(this.again);
    if (!this.item) return;
    const { key, text, reply_to: reply } = this.item;
    if (this.shout({ type: "say", key, text, reply_to: reply })) this.again = setTimeout(() => this.post(), ANSWER_WITHIN);
    else this.post();
  }

  async post() {
    if (!this.item) return;
    const { key, text, reply_to: reply } = this.item;
    const body = new FormData(this.form);
    for (const [name, value] of Object.entries({ key, text, reply_to: reply || "" })) body.set(name, value);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json().catch(() => ({ type: "error", key, message: this.words.trouble }));
      if (answer.status < 500) this.hear(told);
      else throw new Error(String(answer.status));
    } catch {
      this.part("draft").textContent = this.words.unsent;
      this.again = setTimeout(() => this.push(), AGAIN_AFTER);
    }
  }

  hear(answer) {
    if (!this.item || answer.key !== this.item.key) return;
    const { text, key } = this.item;
    this.end();
    if (answer.type === "error") {
      this.dropped(key);
      this.complain(answer.message);
    } else {
      if (this.text.value.trim() === text) this.text.value = "";
      this.form.elements.key.value = newKey();
      this.answer();
      this.stored(answer);
    }
    this.typed();
  }

  end() {
    clearTimeout(this.again);
    clearTimeout(this.busy);
    this.item = null;
    this.text.readOnly = false;
    this.button.removeAttribute("aria-busy");
    this.button.textContent = this.words.send;
  }

  complain(words) {
    this.part("error").textContent = words;
    this.part("error").parentElement.hidden = !words;
    if (words) this.text.setAttribute("aria-invalid", "true");
    else this.text.removeAttribute("aria-invalid");
    if (words) this.text.focus();
  }

  lock(closed) {
    this.text.disabled = this.button.disabled = closed;
    if (closed) this.part("draft").textContent = this.words.closed;
  }
}
