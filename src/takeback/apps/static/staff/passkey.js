// Hands a page's question to navigator.credentials, and sends the answer with the page's own form.
"use strict";

for (const form of document.querySelectorAll("form.passkey")) {
  const problem = form.querySelector(".problem");
  const say = (words) => {
    problem.textContent = words;
    problem.hidden = false;
  };
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return; // answered: the form goes on
    event.preventDefault();
    const { kind, options, origin } = form.dataset;
    if (location.origin !== origin) return say(problem.dataset.elsewhere);
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return say(problem.dataset.old);
    try {
      const asked = JSON.parse(options);
      const credential =
        kind === "create"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
      form.elements.answer.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      say(problem.dataset.failed); // stopped by its owner, too late, or no such passkey: browsers do not say which
    }
  });
}

// The code of a link stands behind the #, which no server sees. It goes into the form, and out of the history.
const link = document.querySelector("form.link");
if (link && location.hash.length > 1) {
  link.elements.code.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
