// The off-site store of a drill: an S3 server over TLS on a free port of the loopback, which is written to `port`.
//
//   node s3.mjs FOLDER POLICY
//
// FOLDER holds server.key, server.pem, identities.json ({NAME: {"key": …, "secret": …}}) and gets `data`, `port`, `refused`.
// s3rver keeps the objects. It takes any signature of the fourth version and lets everybody do everything, so both are done
// here: a signature is held against its identity's secret, and a request against the policy that ships. It is allowed by a
// statement and denied by none, or answered with 403 and a line in `refused`. Versions of objects and their locks are not
// stood in for, and neither are sums of bodies.
import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import crypto from "node:crypto";
import https from "node:https";
import path from "node:path";

const require = createRequire(import.meta.url);
const S3rver = require("s3rver");
const Account = require("s3rver/lib/models/account");

const [folder, policyFile] = process.argv.slice(2);
const read = name => readFileSync(path.join(folder, name), "utf8");
const policy = JSON.parse(readFileSync(policyFile, "utf8"));
const arn = "arn:aws:s3:::";
const bucket = policy.Statement[0].Resource[0].slice(arn.length);

// Only these identities exist, not the one that s3rver brings.
Account.DUMMY_ACCOUNT.revokeAccessKey("S3RVER");
const known = new Map();
for (const [name, { key, secret }] of Object.entries(JSON.parse(read("identities.json")))) {
    new Account(name, name).createKeyPair(key, secret);
    known.set(key, { name, secret });
}

const hash = text => crypto.createHash("sha256").update(text).digest("hex");
const hmac = (key, text) => crypto.createHmac("sha256", key).update(text).digest();

// Who signed a request, by the fourth version of AWS's signatures; `nobody` when it does not fit.
function identity(request) {
    const parts = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[^/]+\/s3\/aws4_request), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
        .exec(request.headers.authorization ?? "");
    const found = known.get(parts?.[1]);
    if (!found) return "nobody";
    const [, , scope, signed, signature] = parts;
    const [path, query = ""] = request.url.split("?");
    const asked = query.split("&").filter(Boolean).map(one => (one.includes("=") ? one : `${one}=`)).sort().join("&");
    const headers = signed.split(";").map(name => `${name}:${(request.headers[name] ?? "").trim()}\n`).join("");
    const canonical = [request.method, path, asked, headers, signed, request.headers["x-amz-content-sha256"]].join("\n");
    const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hash(canonical)].join("\n");
    const key = scope.split("/").reduce(hmac, `AWS4${found.secret}`);
    return hmac(key, text).toString("hex") === signature ? found.name : "nobody";
}

// The action of S3 that a request asks for.
function action(request) {
    const url = new URL(request.url, "https://localhost");
    const object = url.pathname.split("/").filter(Boolean).length > 1;
    const asks = url.searchParams;
    if (request.method === "POST") return asks.has("delete") ? "s3:DeleteObject" : "s3:PutObject";
    if (request.method === "PUT") return object ? "s3:PutObject" : asks.has("policy") ? "s3:PutBucketPolicy" : "s3:CreateBucket";
    if (request.method === "DELETE") {
        // Ending an upload in parts takes away no object.
        if (object && asks.has("uploadId")) return "s3:PutObject";
        return object ? "s3:DeleteObject" : "s3:DeleteBucket";
    }
    if (request.method === "GET" || request.method === "HEAD") return object ? "s3:GetObject" : "s3:ListBucket";
    return request.method;
}

// Whether a name of a resource is one of these, which may end with `*`.
function among(patterns, name) {
    return patterns.some(one => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one));
}

function allowed(who, wanted, name) {
    const fits = policy.Statement.filter(
        one =>
            one.Principal.AWS.endsWith(`:user/${who}`) &&
            one.Action.includes(wanted) &&
            (one.Resource ? among(one.Resource, name) : !among(one.NotResource, name)),
    );
    return fits.some(one => one.Effect === "Allow") && !fits.some(one => one.Effect === "Deny");
}

const store = new S3rver({ directory: path.join(folder, "data"), silent: true, configureBuckets: [{ name: bucket }] });
await store.configureBuckets();
const answer = store.callback();

const server = https.createServer({ key: read("server.key"), cert: read("server.pem") }, (request, response) => {
    const who = identity(request);
    const wanted = action(request);
    const name = decodeURIComponent(new URL(request.url, "https://localhost").pathname).replace(/^\/|\/$/g, "");
    if (allowed(who, wanted, arn + name)) return answer(request, response);
    appendFileSync(path.join(folder, "refused"), `${who} ${wanted} ${name}\n`);
    request.resume();
    response.writeHead(403, { "Content-Type": "application/xml" });
    response.end('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>the policy refuses it</Message></Error>');
});
server.listen(0, "127.0.0.1", () => {
    writeFileSync(path.join(folder, "port.new"), `${server.address().port}\n`);
    renameSync(path.join(folder, "port.new"), path.join(folder, "port"));
});
