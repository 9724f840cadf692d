// Receive alerts in Node, without any package: verify, keep, then answer; handle each event once.
//
// SECRET=whsec_… PORT=8080 node receiver.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from(process.env.SECRET.replace("whsec_", ""), "base64");
const handled = new Set(); // in your database, so that it outlives this program; slow work belongs in a job of its own

/** Whether these bytes are signed with our secret, and no older than five minutes. */
function isSigned(headers, body) {
  const { "webhook-id": id = "", "webhook-timestamp": at = "", "webhook-signature": signatures = "" } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(at)) < 300)) return false;
  const ours = createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest();
  return signatures.split(" ").some((one) => {
    const theirs = Buffer.from(one.replace("v1,", ""), "base64"); // two of them after a rotation
    return theirs.length === ours.length && timingSafeEqual(theirs, ours);
  });
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (!isSigned(request.headers, body)) return response.writeHead(401).end();
  const id = request.headers["webhook-id"];
  if (!handled.has(id)) { // delivery may repeat
    handled.add(id);
    const event = JSON.parse(body);
    console.log(event.sequence, event.type, event.subject ?? "");
  }
  response.writeHead(204).end(); // from now on it is yours: before, an answer would lose it if this program stopped here
}).listen(Number(process.env.PORT ?? 8080), "127.0.0.1");
