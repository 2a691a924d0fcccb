// Counts with − and + without sending; "Save" sends the number.
document.querySelectorAll('[data-behaviour="stepper"]').forEach((box) => {
  const input = box.querySelector("input");
  box.querySelectorAll("button").forEach((button) => {
    button.type = "button";
    button.addEventListener("click", () => {
      const wanted = Number(input.value) + Number(button.value);
      input.value = Math.min(Math.max(wanted, Number(input.min)), Number(input.max));
    });
  });
});
