// Reads an event stream with the client of others, in the order of its times, and prints one line of JSON for each member.
// Usage: node read_stream.mjs URL KEY
import { intoConfig, replicateLDES } from "ldes-client";

const [url, key] = process.argv.slice(2);
const send = (address, options = {}) => fetch(address, { ...options, headers: { ...options.headers, Authorization: `Bearer ${key}` } });
const client = replicateLDES(intoConfig({ url, fetch: send, noShape: true, concurrentFetches: 2 }), "ascending");
const reader = client.stream({ highWaterMark: 10 }).getReader();
for (let member = await reader.read(); !member.done; member = await reader.read()) {
  const { id, isVersionOf, timestamp, quads } = member.value;
  console.log(JSON.stringify({ id: id.value, thing: isVersionOf, at: timestamp, quads: quads.length }));
}
process.exit(0);
