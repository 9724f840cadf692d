/** A random UUID, version 4 (RFC 9562, 5.4). `crypto.randomUUID` is missing on plain http. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (0x0f & Number(bytes[6])) | 0x40;
  bytes[8] = (0x3f & Number(bytes[8])) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
