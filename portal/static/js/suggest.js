// Suggestions while typing: an ARIA combobox. Without this script the field is a plain search field.
for (const field of document.querySelectorAll('[data-behaviour~="suggest"]')) {
  const list = document.createElement("ul");
  const id = field.id + "-suggestions";
  let timer, asked = "", chosen = -1;
  Object.assign(list, { id, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].textContent);
  field.closest("form").append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id }))
    field.setAttribute(name, value);
  const show = (open) => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", open);
    if (!open) choose(-1);
  };
  const choose = (number) => {
    chosen = number;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", at === number));
    if (number < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", list.children[number].id);
  };
  const fill = (found) => {
    list.replaceChildren(...found.map(({ title, href }, at) => {
      const item = document.createElement("li");
      Object.assign(item, { id: id + at, textContent: title });
      item.setAttribute("role", "option");
      item.dataset.href = href;
      return item;
    }));
    show(found.length > 0);
  };
  const ask = async () => {
    const text = field.value.trim();
    if (text.length < 2) return show(false);
    if (text === asked) return show(list.children.length > 0);
    asked = text;
    try {
      const answer = await fetch(field.dataset.suggest + "?q=" + encodeURIComponent(text));
      if (answer.ok && text === field.value.trim()) fill((await answer.json()).suggestions);
    } catch { show(false); }
  };
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  field.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (list.hidden) return;
    if (event.key === "Escape") show(false);
    else if (event.key === "ArrowDown") choose(chosen < last ? chosen + 1 : 0);
    else if (event.key === "ArrowUp") choose(chosen > 0 ? chosen - 1 : last);
    else if (event.key === "Enter" && chosen >= 0) location.assign(list.children[chosen].dataset.href);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target.closest("li");
    if (item) location.assign(item.dataset.href);
  });
  field.addEventListener("blur", () => show(false));
}
