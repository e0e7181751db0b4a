// A socket that comes back by itself: growing pauses, a sign of life, and an end when there is nothing to come back to.
const PAUSES = [0.5, 1, 2, 5, 10, 20, 30]; // seconds, each with some chance in it so that not all come at once
const BEAT = 25_000;
const SILENCE = 60_000;
const OPEN_WITHIN = 10_000;
const GONE = 4404;

export class Line {
  // address() gives the path, asked anew for each try. The rest are called back: hear(message), opened(),
  // lost(tries), gone(); beat() gives the sign of life.
  constructor({ address, hear, opened, lost, gone, beat }) {
    Object.assign(this, { address, hear, opened, lost, gone, beat });
    this.tries = 0;
    this.ended = false;
    setInterval(() => this.check(), BEAT);
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.socket?.close());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    this.connect();
  }

  get isOpen() {
    return this.socket?.readyState === 1 && this.live;
  }

  send(message) {
    if (this.isOpen) this.socket.send(JSON.stringify(message));
    return this.isOpen;
  }

  connect() {
    clearTimeout(this.timer);
    this.live = false;
    const socket = new WebSocket(location.origin.replace(/^http/, "ws") + this.address());
    this.socket = socket;
    const patience = setTimeout(() => this.live || socket.close(), OPEN_WITHIN);
    socket.addEventListener("message", (event) => this.take(event.data));
    socket.addEventListener("close", (event) => {
      clearTimeout(patience);
      if (socket === this.socket) this.closed(event.code);
    });
  }

  take(data) {
    this.heardAt = performance.now();
    if (!this.live) {
      this.live = true;
      this.tries = 0;
      this.opened();
    }
    for (const message of [JSON.parse(data)].flat()) this.hear(message);
  }

  closed(code) {
    this.live = false;
    this.socket = null;
    if (code === GONE) {
      this.ended = true;
      this.gone();
      return;
    }
    this.lost(++this.tries);
    const pause = PAUSES[Math.min(this.tries, PAUSES.length) - 1];
    this.timer = setTimeout(() => this.connect(), pause * 1000 * (0.5 + Math.random()));
  }

  hurry() {
    if (!this.socket && !this.ended) this.connect();
  }

  check() {
    if (!this.isOpen) return;
    if (performance.now() - this.heardAt > SILENCE) this.socket.close();
    else this.send(this.beat());
  }
}
