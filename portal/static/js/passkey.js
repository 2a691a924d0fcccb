// A form with a passkey: the browser asks the device, and what the device answers goes with the form.
document.querySelectorAll('[data-behaviour="passkey"]').forEach((form) => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const told = document.createElement("p");
  told.className = "error";
  told.setAttribute("role", "alert");
  form.prepend(told);
  const asked = () => {
    const options = JSON.parse(form.dataset.options);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.excludeCredentials, options.allowCredentials])
      for (const one of list || []) one.id = bytes(one.id);
    return options;
  };
  const answer = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (credential.response[name]) response[name] = text(credential.response[name]);
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.textContent = "";
    if (!window.PublicKeyCredential) {
      told.textContent = form.dataset.unable;
      return;
    }
    try {
      const credential = await navigator.credentials[form.dataset.ceremony]({ publicKey: asked() });
      form.elements.credential.value = JSON.stringify(answer(credential));
      form.submit();
    } catch {
      told.textContent = form.dataset.words;
    }
  });
});
