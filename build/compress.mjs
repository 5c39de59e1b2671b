// Compresses the built site once and as small as Brotli can, so that no request has to: "main.css.br" beside
// "main.css". Does nothing for files that have not changed.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const site = 'target/site';
const worthIt = /\.(css|js|wasm|svg|txt)$/;
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } };
const names = readdirSync(site, { recursive: true }).map(String);

for (const name of names.filter((name) => name.endsWith('.br') && !names.includes(name.slice(0, -3)))) {
  rmSync(join(site, name));
}
for (const name of names.filter((name) => worthIt.test(name))) {
  const plain = join(site, name);
  const packed = `${plain}.br`;
  const made = statSync(packed, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (made > statSync(plain).mtimeMs) continue;
  writeFileSync(packed, brotliCompressSync(readFileSync(plain), options));
}
