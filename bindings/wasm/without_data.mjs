// Checks that a module has no data of its own: node without_data.mjs FILE.
import { readFileSync } from "node:fs";

const DATA = 11;
const [path] = process.argv.slice(2);
const bytes = readFileSync(path);
let at = 8;
/** A number in LEB128. */
const number = () => {
  let [value, byte, shift] = [0, 0, 0];
  do {
    byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    shift += 7;
  } while (byte & 128);
  return value;
};
while (at < bytes.length) {
  if (bytes[at++] === DATA) throw new Error(`${path}: expected a module without data, which would be written into the memory of another`);
  const length = number();
  at += length;
}
