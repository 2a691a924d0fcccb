// Warns before a page with changed fields is left; sending the form is no leaving.
document.querySelectorAll('form[data-behaviour~="unsaved"]').forEach((form) => {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
});
