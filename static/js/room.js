// The live room: posts in order and without a gap, whatever the line does; without a socket the page asks by itself.
import { Composer } from "./composer.js";
import { Line } from "./live.js";

const room = document.querySelector("[data-room]");
const list = room.querySelector("[data-posts]");
const state = room.querySelector("[data-state]");
const summary = room.querySelector("[data-summary]");
const jump = room.querySelector("[data-jump]");
const form = room.querySelector("[data-composer]");
const words = Object.fromEntries(
  Object.entries(room.dataset).filter(([name]) => name.startsWith("word")).map(([name, word]) => [name.slice(4).toLowerCase(), word]),
);
const POLL = 5_000;
const POLL_AFTER_TRIES = 3;
const SUMMARY_EVERY = 10_000;
const NEAR_END = 160; // pixels
const QUOTE = 40; // characters

let last = Number(room.dataset.last);
let { me } = room.dataset;
let line = null;
let poller = 0;
let unseen = 0;
let unspoken = 0;
let spokenAt = -SUMMARY_EVERY;
let asking = 0;

// ── posts ──

function place({ number, key, html }) {
  if (number <= last) return;
  if (number > last + 1) {
    catchUp();
    return;
  }
  last = number;
  const stay = !atEnd();
  list.querySelector(`[data-sending][data-key="${key}"]`)?.remove();
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const post = holder.content.firstElementChild;
  list.querySelector("[data-empty]").hidden = true;
  list.insertBefore(post, list.querySelector("[data-sending], [data-empty]"));
  markMine(post);
  if (post.dataset.author === me) post.scrollIntoView({ block: "nearest" });
  else noteNew(post, stay);
}

function noteNew(post, stay) {
  unspoken += 1;
  speakSoon();
  if (!stay && !document.hidden) {
    post.scrollIntoView({ block: "end" });
    scrollBy(0, form?.offsetHeight ?? 0);
    return;
  }
  unseen += 1;
  const link = jump.querySelector("a");
  if (unseen === 1) link.href = `#${post.id}`;
  link.textContent = words.new.replace("{n}", unseen);
  jump.hidden = false;
}

function atEnd() {
  return document.documentElement.scrollHeight - innerHeight - scrollY < NEAR_END;
}

function markMine(post) {
  if (!me || post.dataset.author !== me || post.hasAttribute("data-mine")) return;
  post.setAttribute("data-mine", "");
  const tag = document.createElement("span");
  tag.textContent = words.me;
  post.querySelector(".y-post__who b")?.after(tag);
}

function speakSoon() {
  const wait = Math.max(0, spokenAt + SUMMARY_EVERY - performance.now());
  speakSoon.timer ??= setTimeout(() => {
    speakSoon.timer = null;
    spokenAt = performance.now();
    summary.textContent = words.new.replace("{n}", unspoken);
    unspoken = 0;
  }, wait);
}

function catchUp() {
  clearTimeout(asking);
  asking = setTimeout(() => line?.send({ type: "since", number: last }) || poll(), 200);
}

function read() {
  if (document.hidden) return;
  clearTimeout(read.timer);
  read.timer = setTimeout(() => line?.send({ type: "read", number: last }), 1000);
}

// ── what is said ──

function hear(message) {
  switch (message.type) {
    case "post": place(message); read(); break;
    case "since":
      composer?.lock(!message.open);
      if (message.last > last) catchUp();
      break;
    case "stored":
    case "error": composer?.hear(message); break;
    case "here": show("live", message.count); break;
    case "closed": composer?.lock(true); break;
    case "reopened": composer?.lock(false); break;
    case "moved": room.querySelector("[data-moved]").hidden = false; break;
    default: break;
  }
}

function sending({ key, text }) {
  if (list.querySelector(`[data-key="${key}"]`)) return;
  const post = document.createElement("article");
  post.className = "y-post";
  post.dataset.sending = "";
  post.dataset.key = key;
  post.innerHTML = '<span class="y-face" data-tone="end" aria-hidden="true"></span><div class="y-post__who"><b></b><span></span></div><p class="y-post__text"></p>';
  post.querySelector(".y-face").textContent = words.me.slice(0, 1);
  post.querySelector("b").textContent = words.me;
  post.querySelector(".y-post__who span").textContent = words.sending;
  post.querySelector(".y-post__text").textContent = text;
  list.append(post);
  list.querySelector("[data-empty]").hidden = true;
  post.scrollIntoView({ block: "center" });
}

function stored({ key, number, author }) {
  me = author;
  for (const post of list.querySelectorAll(".y-post[data-number]")) markMine(post);
  if (number <= last) dropped(key);
  else catchUp();
}

function dropped(key) {
  list.querySelector(`[data-key="${key}"]`)?.remove();
}

// ── the line ──

function show(name, count) {
  const here = count ? `·${words.here.replace("{n}", count)}` : "";
  state.textContent = words[name] + here;
  state.toggleAttribute("data-poll", name !== "live");
}

async function poll() {
  if (document.hidden || line?.isOpen) return;
  try {
    const answer = await fetch(room.dataset.since.replace(/0\/$/, `${last}/`));
    if (answer.status === 404) {
      gone();
      return;
    }
    const { messages, last: newest, open } = await answer.json();
    show("polling");
    messages.forEach(place);
    hear({ type: "since", last: newest, open });
  } catch {
    show("waiting");
  }
}

function opened() {
  clearInterval(poller);
  poller = 0;
  show("live");
  composer?.push();
}

function lost(tries) {
  if (!poller) show("waiting");
  if (tries >= POLL_AFTER_TRIES && !poller) {
    poller = setInterval(poll, POLL);
    poll();
  }
}

function gone() {
  clearInterval(poller);
  show("gone");
  composer?.lock(true);
}

const composer = form && new Composer(form, {
  words, owner: room.dataset.user, sending, stored, dropped,
  shout: (message) => Boolean(line?.send(message)),
});

list.addEventListener("click", (event) => {
  const link = composer && event.target.closest("[data-reply]");
  if (!link) return;
  event.preventDefault();
  const post = link.closest(".y-post");
  const said = post.querySelector(".y-post__text").textContent.trim();
  const short = said.length > QUOTE ? `${said.slice(0, QUOTE - 1)}…` : said;
  composer.answer(post.dataset.number, words.quote.replace("{speaker}", post.querySelector("b").textContent).replace("{words}", short));
});
list.addEventListener("htmx:load", () => list.querySelectorAll(".y-post[data-number]").forEach(markMine));
addEventListener("scroll", () => {
  if (!unseen || !atEnd()) return;
  unseen = 0;
  jump.hidden = true;
}, { passive: true });
document.addEventListener("visibilitychange", read);

list.querySelectorAll(".y-post[data-number]").forEach(markMine);
if (!location.hash && "returning" in room.dataset) {
  const unread = list.querySelector("#unread");
  if (unread) unread.scrollIntoView({ block: "center" });
  else scrollTo(0, document.documentElement.scrollHeight);
}
line = new Line({
  address: () => `/ws/talk/${room.dataset.room}/?lang=${room.dataset.language}&since=${last}`,
  hear, opened, lost, gone,
  beat: () => ({ type: "since", number: last }),
});
