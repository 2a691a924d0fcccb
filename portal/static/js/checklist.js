// Ticks of a checklist stay on this device; without storage the boxes still work until the page is left.
document.querySelectorAll('[data-behaviour="checklist"]').forEach((list) => {
  const boxes = [...list.querySelectorAll('input[type="checkbox"]')];
  const note = list.querySelector("[data-kept]");
  const status = list.querySelector('[role="status"]');
  const key = `checklist:${list.dataset.key}`;
  const tell = () => {
    const done = boxes.filter((box) => box.checked).length;
    status.textContent = list.dataset.done.replace("{done}", done).replace("{all}", boxes.length);
  };
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "[]");
    boxes.forEach((box) => { box.checked = kept.includes(box.value); });
    note.hidden = false;
    tell();
  } catch { return; }
  list.addEventListener("change", () => {
    try { localStorage.setItem(key, JSON.stringify(boxes.filter((box) => box.checked).map((box) => box.value))); } catch {}
    tell();
  });
});
