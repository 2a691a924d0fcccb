// An id typed or chosen from a list becomes a ticked box; without this script it is taken when the form is saved.
document.querySelectorAll('[data-behaviour~="picks"]').forEach((adder) => {
  const input = adder.querySelector("input");
  const boxes = adder.parentElement.querySelector(".ticks");
  const tick = (id, words) => {
    const known = [...boxes.querySelectorAll("input")].find((box) => box.value === id);
    if (known) { known.checked = true; return; }
    const label = document.createElement("label");
    const box = document.createElement("input");
    label.className = "tick";
    Object.assign(box, { type: "checkbox", name: input.name, value: id, checked: true });
    label.append(box, " " + words);
    boxes.append(label);
  };
  const take = () => {
    const option = [...input.list.options].find((one) => one.value === input.value.trim());
    if (!option) return false;
    tick(option.value, option.textContent);
    input.value = "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  };
  input.addEventListener("change", take);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); take(); } });
  input.form.addEventListener("restored", ({ detail }) => {
    for (const id of detail.get(input.name) || []) {
      const option = [...input.list.options].find((one) => one.value === id);
      if (id && option) tick(id, option.textContent);
    }
  });
});
