// A page that lay in a cache tells the status of now: each element holds the statuses of the days after it was made.
(() => {
  const signs = {
    open: ["good", "●"], soon: ["soon", "◐"], break: ["soon", "◐"], moved: ["soon", "→"], cancelled: ["bad", "✕"],
    closed: ["", "–"], missing: ["", "–"], planned: ["", "○"], unknown: ["", "○"],
  };
  const tell = (element) => {
    const times = JSON.parse(element.dataset.times);
    const now = Date.now() / 1000;
    // A clock that stands before the page was made is wrong; then the server's words stay.
    if (!times.length || now < times[0][0]) return;
    const pill = element.querySelector(".pill");
    const detail = element.querySelector("[data-detail]");
    const row = times.filter((one) => one[0] <= now).pop();
    const [state, words, next] = now > element.dataset.until ? ["unknown", element.dataset.stale, ""] : row.slice(1);
    const [tone, sign] = signs[state] || signs.unknown;
    pill.className = tone ? `pill ${tone}` : "pill";
    pill.firstElementChild.textContent = sign;
    pill.lastChild.textContent = words;
    if (detail) detail.textContent = next;
  };
  const all = document.querySelectorAll('[data-behaviour="status"]');
  const tellAll = () => all.forEach(tell);
  tellAll();
  setInterval(tellAll, 30000);
  document.addEventListener("visibilitychange", () => document.hidden || tellAll());
})();
