// Stands in for a paging tool: it reads the Terraform JSON that oathbook exports, takes events as PagerDuty's Events API v2 does
// (https://developer.pagerduty.com/docs/send-alert-event), and calls one level after the other until somebody acknowledges.
//
//   node paging.mjs FILE FOLDER MINUTE    a minute of the policies lasts MINUTE milliseconds here; writes FOLDER/paging.port
//
// It knows what a drill needs: whole shifts of schedules with one layer, no overrides, no loops.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const [file, folder, minute] = process.argv.slice(2);
const resources = JSON.parse(readFileSync(file, "utf8")).resource;
const receivers = `http://127.0.0.1:${readFileSync(`${folder}/receivers.port`, "utf8")}`;
/** `${pagerduty_user.NAME.id}` leads to that resource. */
const resolve = (reference) => {
  const [, type, name] = /^\$\{(\w+)\.([^.]+)\.id\}$/.exec(reference);
  return resources[type][name];
};
const open = new Map();

/** Who has a schedule's shift now. */
function onCall(schedule) {
  const [layer] = schedule.layer;
  const since = Date.now() - Date.parse(layer.rotation_virtual_start);
  const turn = Math.floor(since / (layer.rotation_turn_length_seconds * 1000));
  return resolve(layer.users[turn % layer.users.length]).name;
}

/** Calls the people of a rule, then waits for the next. */
function escalate(incident, rules) {
  const [rule, ...rest] = rules;
  if (!rule || incident.done) return;
  for (const target of rule.target) {
    const name = onCall(resolve(target.id));
    fetch(`${receivers}/${encodeURIComponent(name)}`, { method: "POST", body: JSON.stringify(incident.message) });
  }
  incident.timer = setTimeout(() => escalate(incident, rest), rule.escalation_delay_in_minutes * minute);
}

const actions = {
  trigger(event) {
    if (open.has(event.dedup_key)) return;
    const labels = { alertname: event.payload.summary, severity: event.payload.severity };
    const message = { labels, status: "firing", annotations: { runbook_url: event.links?.[0]?.href } };
    const incident = { message, done: false, timer: undefined };
    open.set(event.dedup_key, incident);
    escalate(incident, resources.pagerduty_escalation_policy[event.routing_key].rule);
  },
  acknowledge(event) {
    const incident = open.get(event.dedup_key);
    if (!incident) return;
    incident.done = true;
    clearTimeout(incident.timer);
  },
};

const server = createServer((request, response) => {
  let text = "";
  request.on("data", (piece) => (text += piece));
  request.on("end", () => {
    const event = JSON.parse(text);
    actions[event.event_action]?.(event);
    response.writeHead(202).end(JSON.stringify({ status: "success", dedup_key: event.dedup_key }));
  });
});
server.listen(0, "127.0.0.1", () => {
  writeFileSync(`${folder}/paging.new`, String(server.address().port));
  renameSync(`${folder}/paging.new`, `${folder}/paging.port`);
});
