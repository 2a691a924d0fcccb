// A file that is too large is said so before it is sent: on a slow line nobody waits for a refusal.
document.querySelectorAll('[data-behaviour="upload"]').forEach((input) => {
  const told = document.createElement("p");
  told.className = "error";
  told.setAttribute("role", "alert");
  input.before(told);
  const judge = () => {
    const file = input.files[0];
    told.textContent = file && file.size > Number(input.dataset.most) ? input.dataset.words : "";
    return !told.textContent;
  };
  input.addEventListener("change", judge);
  input.form.addEventListener("submit", (event) => {
    if (!judge()) {
      event.preventDefault();
      input.focus();
    }
  });
});
