import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

let names: ReadonlySet<string> | undefined;

/** About 39,000 first and last names of many origins, in lower case (@cspell/dict-people-names, which exports its folder only). */
export function peopleNames(): ReadonlySet<string> {
  names ??= new Set(
    readFileSync(
      join(
        dirname(createRequire(import.meta.url).resolve('@cspell/dict-people-names/cspell-ext.json')),
        'dict/people-names.txt',
      ),
      'utf8',
    )
      .toLowerCase()
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
  return names;
}
