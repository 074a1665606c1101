// Runs before the first paint: the reader's own choice of colours, and a mark that scripts run.
(function () {
  var root = document.documentElement;
  var choice = /(?:^|; )theme=(light|dark)/.exec(document.cookie);
  if (choice) root.setAttribute("data-theme", choice[1]);
  root.setAttribute("data-script", "on");
})();
