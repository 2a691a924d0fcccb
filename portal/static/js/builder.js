// The schedule builder: rows come and go, and the result follows the typing, without a new page.
{
// The desk's policy asks for a stated reason to read HTML: it is this page again, made by the same templates.
const policy = window.trustedTypes && window.trustedTypes.createPolicy("builder", { createHTML: (html) => html });
document.querySelectorAll('form[data-behaviour~="builder"]').forEach((form) => {
  let timer, asked = 0, busy = false;
  const ask = async (what, part) => {
    const number = ++asked, body = new FormData(form);
    body.append("do", what);
    const answer = await fetch(location.href, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.status);
    if (part && (busy || number !== asked)) return;
    const html = await answer.text();
    const page = new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
    const [fresh, old] = part ? [page.querySelector(part), form.querySelector(part)] : [page.querySelector("form.builder"), form];
    if (fresh && old) old.replaceChildren(...fresh.childNodes);
  };
  form.addEventListener("input", (event) => {
    const state = event.target.type === "time" && event.target.closest("tr")?.querySelector("select");
    if (state && event.target.value && state.value === "closed") state.value = "open";
    clearTimeout(timer);
    timer = setTimeout(() => ask("typing", "[data-result]").catch(() => {}), 400);
  });
  form.addEventListener("click", async (event) => {
    const button = event.target.closest('button[name="do"]');
    if (!button || !/^(add|remove|copy|month):/.test(button.value)) return;
    event.preventDefault();
    clearTimeout(timer);
    const { value } = button;
    // What is typed while rows are on their way would be lost.
    busy = form.inert = true;
    try { await ask(value); } catch { form.inert = false; form.requestSubmit(button); return; }
    busy = form.inert = false;
    const again = [...form.querySelectorAll('button[name="do"]')].find((one) => one.value === value);
    (again || form.querySelector("button.sticky, .sticky button")).focus();
  });
});
}
