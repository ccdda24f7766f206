// The share dialog: opened once its content has come; what it showed of a link goes with it.
(() => {
  "use strict";
  const shareDialog = () => document.querySelector("dialog#share-dialog");
  document.addEventListener("htmx:after:swap", () => {
    const dialog = shareDialog();
    if (!dialog?.childElementCount) return;
    if (!dialog.open) dialog.showModal();
    const copyIt = dialog.querySelector("[autofocus]");
    copyIt?.focus();
    copyIt?.removeAttribute("autofocus");
  });
  document.addEventListener("click", (event) => event.target === shareDialog() && event.target.close());
  document.addEventListener("close", (event) => event.target === shareDialog() && event.target.replaceChildren(), true);
})();
