// The number at the bell: the socket tells it; without a socket it is asked for when the page comes back into view.
const bell = document.querySelector("[data-badge]");
const PAUSES = [1, 5, 30, 120].map((seconds) => seconds * 1000);
let socket = null;
let failures = 0;

function show(unread) {
  for (const count of document.querySelectorAll(".y-bell [data-count]")) {
    count.textContent = unread > 99 ? "99+" : unread;
    count.parentElement.hidden = unread === 0;
  }
}

function hear(message) {
  if (message.type === "badge") show(message.unread);
}

function connect() {
  if (socket) return;
  socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws/me/`);
  socket.addEventListener("message", (event) => {
    failures = 0;
    [JSON.parse(event.data)].flat().forEach(hear);
  });
  socket.addEventListener("close", () => {
    socket = null;
    if (failures < PAUSES.length) setTimeout(connect, PAUSES[failures++]);
  });
}

async function ask() {
  if (document.hidden || socket?.readyState === WebSocket.OPEN) return;
  connect();
  const answer = await fetch(bell.dataset.badge, { redirect: "error" });
  if (answer.ok) show((await answer.json()).unread);
}

if (bell) {
  connect();
  document.addEventListener("visibilitychange", () => ask().catch(() => {}));
}
