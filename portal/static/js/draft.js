// A draft saves itself: to the server a few seconds after the last stroke, and to this device at once, so that neither
// a dead line nor an expired session loses a word. Without this script the form is saved by its button.
document.querySelectorAll('[data-behaviour~="draft"]').forEach((form) => {
  // The desk's policy asks for a stated reason to read HTML: the page is read for one token and never shown.
  const policy = window.trustedTypes && window.trustedTypes.createPolicy("draft", { createHTML: (html) => html });
  const key = `draft:${form.dataset.id}`;
  const status = document.querySelector("[data-saved]");
  const box = document.querySelector("[data-kept]");
  const version = form.elements.version;
  const SAVE = 3000, CHECK = 900, RETRY = 10000, BEAT = 30000, AWAKE = 600000;
  let changes = 0, saved = 0, typed = 0, stopped = false, busy = false, saveTimer, checkTimer, keepTimer;

  const values = () => [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && name !== "then" && typeof value === "string");
  // Boxes that were ticked on the page stand elsewhere after saving, and the field to pick from is empty: neither is a difference.
  const fields = (list) => JSON.stringify(list.filter(([name, value]) => name !== "version" && value).map(([name, value]) => [name, value.replace(/\r\n?/g, "\n").trimEnd()].join("\n")).sort());
  const keep = () => { try { localStorage.setItem(key, JSON.stringify({ version: version.value, values: values() })); } catch {} };
  const forget = () => { try { localStorage.removeItem(key); } catch {} };
  const say = (words, href) => {
    status.textContent = words;
    if (!href) return;
    const link = document.createElement("a");
    Object.assign(link, { href, textContent: words });
    status.replaceChildren(link);
  };
  const post = (url) => fetch(url, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" });

  // After signing in again in another tab the page needs the token of the new session.
  const renewToken = async () => {
    const html = await (await fetch(location.href)).text();
    const page = new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
    const fresh = page.querySelector('form[data-behaviour~="draft"] input[name="csrf_token"]');
    if (fresh) document.querySelectorAll('input[name="csrf_token"]').forEach((field) => { field.value = fresh.value; });
    return Boolean(fresh);
  };
  const showOthers = (others) => {
    document.querySelector("[data-others]").replaceChildren(...others.map((words) => {
      const note = document.createElement("p");
      Object.assign(note, { className: "note note-info", textContent: words });
      return note;
    }));
  };
  const save = async (again = true) => {
    if (busy || stopped) return;
    busy = true;
    const sent = changes;
    let wait = 0;
    try {
      let answer = await post(form.dataset.autosave);
      if ((answer.status === 400 || answer.status === 401) && again && (await renewToken())) answer = await post(form.dataset.autosave);
      const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
      if (answer.ok) {
        version.value = told.version;
        saved = sent;
        say(told.words);
        showOthers(told.others);
        if (changes === sent) forget(); else keep();
      } else if (answer.status === 409) {
        stopped = true;
        forget();
        say(told.words, told.merge);
      } else {
        keep();
        say(answer.status === 401 || answer.status === 400 ? form.dataset.signedOut : answer.status === 413 ? form.dataset.tooLarge : form.dataset.away);
        wait = RETRY;
      }
    } catch {
      keep();
      say(form.dataset.away);
      wait = RETRY;
    }
    busy = false;
    if (!stopped && changes !== saved) { clearTimeout(saveTimer); saveTimer = setTimeout(save, wait || SAVE); }
  };
  const check = async () => {
    try {
      const answer = await post(form.dataset.check);
      if (!answer.ok) return;
      const told = await answer.json();
      showFindings(told.findings);
      showValues(told.values);
    } catch {}
  };
  const showValues = (values) => {
    const row = form.querySelector("[data-values]");
    row.hidden = !values.length;
    row.lastElementChild.replaceChildren(...values.flatMap((one) => {
      const chip = document.createElement("span");
      Object.assign(chip, { className: "locked", textContent: `${one.words} · ${one.kind}` });
      return [chip, " "];
    }));
  };
  const showFindings = (findings) => {
    const panel = form.querySelector("[data-findings]");
    const rows = findings.map((one) => {
      const row = form.querySelector("template[data-finding]").content.cloneNode(true);
      const [sign, words] = row.querySelector(".pill").children;
      row.querySelector(".pill").classList.add(one.is_warning ? "soon" : "bad");
      sign.textContent = one.is_warning ? "◐" : "■";
      words.textContent = one.is_warning ? form.dataset.advice : form.dataset.mend;
      row.querySelector("a").href = one.href;
      row.querySelector("a").append(" " + one.message);
      row.querySelector("small").textContent = one.where;
      return row;
    });
    const list = document.createElement(rows.length ? "ul" : "p");
    list.append(...(rows.length ? rows : [form.dataset.nothing]));
    if (panel.textContent.trim() !== list.textContent.trim()) panel.replaceChildren(list);
  };

  form.addEventListener("input", () => {
    changes += 1;
    typed = Date.now();
    clearTimeout(keepTimer); keepTimer = setTimeout(keep, 250);
    clearTimeout(checkTimer); checkTimer = setTimeout(check, CHECK);
    clearTimeout(saveTimer); saveTimer = setTimeout(save, SAVE);
  });
  form.addEventListener("submit", () => { stopped = true; keep(); });
  window.addEventListener("pageshow", () => { stopped = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden && changes !== saved) save(); });
  window.addEventListener("online", () => { if (changes !== saved) save(); });
  setInterval(() => { if (!document.hidden && Date.now() - typed < AWAKE && changes === saved) save(); }, BEAT);

  const restore = (kept) => {
    const wanted = new Map();
    kept.values.forEach(([name, value]) => wanted.set(name, [...(wanted.get(name) || []), value]));
    for (const field of form.elements) {
      if (!field.name || field.name === "csrf_token" || !wanted.has(field.name)) continue;
      const list = wanted.get(field.name);
      if (field.type === "checkbox" || field.type === "radio") field.checked = list.includes(field.value);
      else if (field.type !== "hidden" || field.name === "version") field.value = list[list.length - 1];
    }
    form.dispatchEvent(new CustomEvent("restored", { detail: wanted }));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    if (kept && fields(kept.values) === fields(values())) forget();
    else if (kept) {
      box.hidden = false;
      box.querySelector("[data-restore]").addEventListener("click", () => { restore(kept); box.hidden = true; form.querySelector("textarea").focus(); });
      box.querySelector("[data-forget]").addEventListener("click", () => { forget(); box.hidden = true; });
    }
  } catch {}
});
