// Says who is on call now, and marks today: the page may have been made days ago.
(() => {
  const now = Date.now();
  const line = document.querySelector(".oncall .now");
  const told = [];
  for (const row of document.querySelectorAll(".oncall .shifts tr[data-level]")) {
    const [from, to] = [...row.querySelectorAll("time")].map((time) => Date.parse(time.dateTime));
    if (from <= now && now < to) {
      row.setAttribute("aria-current", "time");
      const until = new Date(to).toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
      told.push([row.dataset.level, row.dataset.person, until]);
    }
  }
  if (line && told.length) {
    line.append("Now: ");
    told.sort((one, other) => one[0] - other[0]).forEach(([level, person, until], at) => {
      const name = document.createElement("b");
      name.textContent = person;
      line.append(at ? "; level " : "level ", level, " ", name, ` until ${until} (your time)`);
    });
    line.hidden = false;
  }
  const zone = document.querySelector(".oncall").dataset.zone;
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(now);
  document.querySelector(`.oncall [datetime="${today}"]`)?.closest("td")?.setAttribute("aria-current", "date");
})();
