// Older and newer on a run's page stay in the filter of the list that this tab has seen last.
(() => {
  "use strict";
  const LIST = "runboard:list";
  if (document.querySelector(".page-list")) sessionStorage.setItem(LIST, location.search);
  for (const link of document.querySelectorAll(".run-top a[rel]")) link.search = sessionStorage.getItem(LIST) ?? "";
})();
