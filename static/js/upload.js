// Files on their way: how far they are, and what was wrong with which. Without script the form is sent as it is.
for (const form of document.querySelectorAll("form[data-upload]")) {
  const error = form.querySelector("[data-upload-error]");
  const progress = form.querySelector("[data-upload-progress]");
  const file = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.ariaDisabled) return;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (sent) => {
      const percent = sent.total ? Math.round((sent.loaded * 100) / sent.total) : 0;
      progress.querySelector("progress").value = percent;
      progress.querySelector("[role=status]").textContent = `${form.dataset.sending} ${percent}%`;
    });
    const fail = (message) => {
      error.textContent = message || form.dataset.failed;
      error.hidden = false;
      progress.hidden = true;
      button.ariaDisabled = null;
      file.setAttribute("aria-invalid", "true");
      file.focus();
    };
    request.addEventListener("load", () => {
      const said = request.response; // none, where the answer is a page
      if (request.status !== 201) return fail(said?.message ?? said?.detail ?? said?.title ?? form.dataset.refused);
      location.assign(said.next);
    });
    request.addEventListener("error", () => fail());
    error.hidden = true;
    file.removeAttribute("aria-invalid");
    progress.hidden = false;
    button.ariaDisabled = "true"; // it keeps the focus
    request.send(new FormData(form));
  });
}
