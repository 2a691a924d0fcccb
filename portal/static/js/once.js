// A form marked with this behaviour is sent once, however often its button is tapped on a slow line.
document.querySelectorAll('form[data-behaviour~="once"]').forEach((form) => {
  let sent = 0;
  form.addEventListener("submit", (event) => {
    if (Date.now() - sent < 5000) event.preventDefault();
    else sent = Date.now();
  });
});
