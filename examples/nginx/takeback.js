// An upload form is passed on only when the agent lets it: nginx's own auth_request never sees a body.
async function upload(request) {
  const asked = await request.subrequest("/_takeback", { method: "POST" }); // with the body and headers of the form
  if (asked.status === 422) {
    request.return(422, "This file cannot be shown now.\n");
  } else if (asked.status === 204 || request.variables.takeback_fail === "open") {
    request.internalRedirect("@site");
  } else {
    request.return(503, "Try again in a moment.\n");
  }
}
export default { upload };
