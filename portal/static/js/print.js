// Opens the browser's print window; the button stays hidden without JavaScript.
document.querySelectorAll('[data-behaviour="print"]').forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
