// Shows the button only where copying works; hands the text to the phone's own share sheet where there is one.
document.querySelectorAll('[data-behaviour="copy-text"]').forEach((button) => {
  if (!navigator.clipboard && !navigator.share) return;
  const status = button.parentElement.querySelector('[role="status"]');
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.dataset.text;
    try {
      if (navigator.clipboard) await navigator.clipboard.writeText(text);
      else return navigator.share({ text });
      if (status) status.textContent = button.dataset.done;
    } catch {
      if (navigator.share) navigator.share({ text }).catch(() => {});
    }
  });
});
