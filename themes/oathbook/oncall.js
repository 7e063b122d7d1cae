// Says who is on call now, and marks today: the page may have been made days ago.
(() => {
  const now = Date.now();
  const page = document.querySelector(".oncall");
  if (!page) return; // No roster is named.
  const line = page.querySelector(".now");
  const told = [];
  for (const row of page.querySelectorAll("tr[data-level]")) {
    const [from, to] = [...row.querySelectorAll("time")].map((time) => Date.parse(time.dateTime));
    if (from <= now && now < to) {
      const until = new Date(to).toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
      told.push([row.dataset.level, row.dataset.person, until]);
    }
  }
  told.sort((one, other) => one[0] - other[0]).forEach(([level, person, until]) => {
    const name = document.createElement("strong");
    name.textContent = person;
    line.append(line.hidden ? "Now: level " : "; level ", level, " ", name, ` until ${until} (your time)`);
    line.hidden = false;
  });
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: page.dataset.zone }).format(now);
  const day = page.querySelector(`[datetime="${today}"]`);
  if (day) {
    const mark = document.createElement("mark");
    mark.append(...day.childNodes);
    day.append(mark);
    day.setAttribute("aria-current", "date");
  }
})();
