// Buttons above a text put in headings, lists, blocks, and ids from the lists; the text itself stays a plain text.
(() => {
  const toolbar = document.querySelector("template[data-toolbar]");
  const chooser = document.querySelector("[data-chooser]");
  if (!toolbar || !chooser || !chooser.showModal) return;
  let after = null;

  // Typed through the browser, so that its own "undo" takes it back.
  const put = (area, text, from = area.selectionStart, to = area.selectionEnd) => {
    area.focus();
    area.setSelectionRange(from, to);
    if (!document.execCommand || !document.execCommand("insertText", false, text)) {
      area.setRangeText(text, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  const putBlock = (area, block) => {
    const before = area.value.slice(0, area.selectionStart);
    const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    put(area, `${gap}${block}\n\n`, area.selectionStart, area.selectionEnd);
  };
  const putLines = (area, sign) => {
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const lines = area.value.slice(from, area.selectionEnd).split("\n");
    put(area, lines.map((line) => sign + line).join("\n"), from, area.selectionEnd);
  };
  const putAround = (area, sign, example) => {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd) || example;
    const from = area.selectionStart + sign.length;
    put(area, sign + chosen + sign);
    area.setSelectionRange(from, from + chosen.length);
  };
  const show = () => {
    const words = chooser.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
    const options = [...document.getElementById(after.list).options];
    const found = options.filter((one) => words.every((word) => `${one.value} ${one.textContent}`.toLowerCase().includes(word)));
    chooser.querySelector("[data-found]").replaceChildren(...found.slice(0, 60).map((one) => {
      const row = document.createElement("li");
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: one.textContent || one.value });
      button.addEventListener("click", () => { chooser.close(); after.take(one.value); });
      row.append(button);
      return row;
    }));
  };
  const choose = (area, button) => {
    const { selectionStart: from, selectionEnd: to } = area;
    const chosen = area.value.slice(from, to);
    const { embed, example, list } = button.dataset;
    after = {
      list: `list-${list}`,
      take: (id) => put(area, embed === "link" ? `[${chosen || example}](${id})` : `{{ ${embed}:${id} }}`, from, to),
    };
    chooser.querySelector("h2").textContent = button.textContent;
    chooser.querySelector("input").value = "";
    show();
    chooser.showModal();
    chooser.querySelector("input").focus();
  };
  chooser.querySelector("input").addEventListener("input", show);
  chooser.querySelector("input").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = chooser.querySelector("[data-found] button");
    if (first) first.click();
  });
  chooser.querySelector("[data-close]").addEventListener("click", () => chooser.close());

  for (const area of document.querySelectorAll('textarea[data-behaviour~="markdown"]')) {
    if (area.matches(":disabled")) continue;
    const bar = toolbar.content.firstElementChild.cloneNode(true);
    const buttons = [...bar.querySelectorAll("button")];
    bar.setAttribute("aria-label", `${bar.getAttribute("aria-label")}: ${area.closest("[lang]").lang}`);
    bar.setAttribute("aria-controls", area.id);
    bar.lang = document.documentElement.lang;
    buttons.forEach((button, at) => {
      button.tabIndex = at ? -1 : 0;
      button.addEventListener("click", () => {
        const { block, lines, wrap, example, list } = button.dataset;
        if (block) putBlock(area, block);
        else if (lines) putLines(area, lines);
        else if (wrap) putAround(area, wrap, example);
        else if (list) choose(area, button);
      });
    });
    // One stop of the Tab key for the whole bar; the arrow keys walk along it.
    bar.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (to === undefined || !buttons[to]) return;
      event.preventDefault();
      buttons.forEach((button, number) => { button.tabIndex = number === to ? 0 : -1; });
      buttons[to].focus();
    });
    area.before(bar);
  }
})();
