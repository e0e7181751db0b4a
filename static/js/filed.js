// The server has the draft: the copy on this device is no longer needed.
const page = document.querySelector("[data-arrived]");
localStorage.removeItem(`draft-${page.dataset.arrived}`);
