/* 读给我听: reads the page's heading, the owner-and-clock strip and the text aloud. Hidden where nothing can speak. */

const READ = "main h1, main .y-clock, main .y-prose";
const SENTENCE = /[^。！？；.!?\n]+[。！？；.!?]*/g;

const voice = window.speechSynthesis;
const buttons = document.querySelectorAll("[data-speech]");

function sentences() {
  return [...document.querySelectorAll(READ)].flatMap((part) => part.innerText.match(SENTENCE) ?? []);
}

function show(speaking) {
  for (const button of buttons) {
    button.setAttribute("aria-pressed", speaking);
    button.querySelector("[data-words]").textContent = speaking ? button.dataset.stop : button.dataset.start;
  }
}

function start() {
  const parts = sentences().map((words) => Object.assign(new SpeechSynthesisUtterance(words), { lang: document.documentElement.lang }));
  if (!parts.length) return;
  parts.at(-1).addEventListener("end", () => show(false));
  for (const part of parts) {
    part.addEventListener("error", () => show(false));
    voice.speak(part);
  }
  show(true);
}

function stop() {
  voice.cancel();
  show(false);
}

function offer() {
  const useful = voice.getVoices().length > 0 && document.querySelector(READ) !== null;
  for (const button of buttons) button.hidden = !useful;
}

if (voice) {
  offer();
  voice.addEventListener?.("voiceschanged", offer); // many browsers load their voices late
  addEventListener("pagehide", stop);
  for (const button of buttons) {
    button.addEventListener("click", () => (voice.speaking || voice.pending ? stop() : start()));
  }
}
