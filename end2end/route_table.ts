import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A line of the route table that shows a page. */
export interface Line {
  path: string;
  access: string;
  hasIsland: boolean;
}

/** Every GET line of src/app.rs. */
export const lines: Line[] = [
  ...readFileSync(join(__dirname, '../src/app.rs'), 'utf8').matchAll(/\.(get|island)\(\s*"([^"]+)",\s*(\w+)/g),
].map(([, method, path, access]) => ({ path, access, hasIsland: method === 'island' }));

const isLike = (pattern: string, path: string) => {
  const [wanted, found] = [pattern.split('/'), path.split('/')];
  return wanted.length === found.length && wanted.every((part, at) => part.startsWith('{') || part === found[at]);
};

/** The line that answers an address: a fixed part goes before a part that names an object. */
export function lineOf(address: string): Line | undefined {
  const path = address.split(/[?#]/)[0];
  const fixed = (line: Line) => line.path.split('/').filter((part) => !part.startsWith('{')).length;
  return lines.filter((line) => isLike(line.path, path)).sort((a, b) => fixed(b) - fixed(a))[0];
}
