// Stands in for the phones of those on call: each message to /NAME becomes a line of a file.
//
//   node receivers.mjs FOLDER    writes FOLDER/receivers.port, then FOLDER/received.jsonl
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const folder = process.argv[2];

/** The alerts of a message: Alertmanager sends several at once, the paging tool one. */
const alerts = (message) =>
  (message.alerts ?? [message]).map((alert) => ({
    alert: alert.labels.alertname,
    severity: alert.labels.severity,
    status: alert.status,
    runbook: alert.annotations?.runbook_url ?? null,
  }));

const server = createServer((request, response) => {
  let text = "";
  request.on("data", (piece) => (text += piece));
  request.on("end", () => {
    const to = decodeURIComponent(request.url.slice(1));
    for (const alert of alerts(JSON.parse(text))) {
      appendFileSync(`${folder}/received.jsonl`, `${JSON.stringify({ at: Date.now(), to, ...alert })}\n`);
    }
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => {
  writeFileSync(`${folder}/received.jsonl`, "");
  writeFileSync(`${folder}/receivers.new`, String(server.address().port));
  renameSync(`${folder}/receivers.new`, `${folder}/receivers.port`);
});
