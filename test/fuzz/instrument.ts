/* Bundles the process under test, with a counter at every branch of the code that reads foreign bytes. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin, transform } from 'esbuild';
import { parseAst } from 'vite';
import { fromRoot } from '../../.ci/root.js';

/** What gets counters: our own code, and what it parses with that is JavaScript. `wasm-marks.ts` does the same for WebAssembly. */
const counted =
  /[\\/](?:main[\\/].*\.ts|node_modules[\\/](?:yauzl|csv-parse|yaml|unpdf|mammoth|jszip|@xmldom[\\/]xmldom)[\\/].*\.m?js)$/;
const bundled = /^(?:yauzl|csv-parse|yaml|unpdf|mammoth|jszip|@xmldom\/xmldom)(?:\/|$)/;

/**
 * Writes the bundle of `test/fuzz/child.ts` into a folder, as `child.mjs`.
 * @returns how many counters there are
 */
export async function buildChild(folder: string): Promise<number> {
  let places = 0;
  const instrument: Plugin = {
    name: 'counters',
    setup(bundle) {
      bundle.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
        if (kind === 'entry-point' || path.startsWith('node:')) return undefined;
        if (path === 'electron') return { path: fromRoot('test/fuzz/no-electron.ts') };
        return bundled.test(path) ? undefined : { external: true };
      });
      bundle.onLoad({ filter: /\.[mc]?[jt]s$/ }, async ({ path }) => {
        const counts = counted.test(path);
        if (!counts && !path.endsWith('.ts')) return undefined;
        const text = await readFile(path, 'utf8');
        const { code } = await transform(text, {
          loader: path.endsWith('.ts') ? 'ts' : 'js',
          target: 'es2022',
          // What a source finds beside itself it finds there also in the bundle.
          define: {
            'import.meta.url': JSON.stringify(pathToFileURL(path).href),
            'import.meta.dirname': JSON.stringify(dirname(path)),
          },
        });
        if (!counts) return { contents: code, loader: 'js' };
        const made = withCounters(code, places);
        places = made.next;
        return { contents: made.code, loader: 'js' };
      });
    },
  };
  await build({
    entryPoints: [fromRoot('test/fuzz/child.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    // A target loads only what it needs.
    splitting: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    plugins: [instrument],
    banner: {
      js: "import { createRequire as fuzzRequire } from 'node:module'; const require = fuzzRequire(import.meta.url); const fuzzCounters = (globalThis.fuzzCounters ??= new Uint8Array(65536));",
    },
  });
  return places;
}

interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/**
 * Puts `fuzzCounters[n]++` at the start of every function, branch, loop body, switch case and handler, and before the right side of
 * `&&`, `||`, `??` and both sides of `? :`.
 */
export function withCounters(code: string, first: number): { code: string; next: number } {
  const marks: { at: number; text: string; order: number }[] = [];
  let next = first;
  const mark = (at: number, text: string) => marks.push({ at, text, order: marks.length });
  const count = () => `fuzzCounters[${next++ & 0xffff}]++`;
  const statement = (node: unknown) => {
    if (!isNode(node)) return;
    if (node.type === 'BlockStatement') mark(node.start + 1, `${count()};`);
    else {
      mark(node.start, `{${count()};`);
      mark(node.end, '}');
    }
  };
  const expression = (node: unknown) => {
    if (!isNode(node)) return;
    mark(node.start, `(${count()},`);
    mark(node.end, ')');
  };
  const visit = (node: Node): void => {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        if (isNode(node.body)) mark(afterDirectives(node.body), `${count()};`);
        break;
      case 'ArrowFunctionExpression':
        if (isNode(node.body) && node.body.type === 'BlockStatement') statement(node.body);
        else expression(node.body);
        break;
      case 'IfStatement':
        statement(node.consequent);
        statement(node.alternate);
        break;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'CatchClause':
        statement(node.body);
        break;
      case 'SwitchCase':
        if (Array.isArray(node.consequent) && isNode(node.consequent[0]))
          mark(node.consequent[0].start, `${count()};`);
        break;
      case 'ConditionalExpression':
        expression(node.consequent);
        expression(node.alternate);
        break;
      case 'LogicalExpression':
        expression(node.right);
        break;
    }
    for (const value of Object.values(node)) {
      if (isNode(value)) visit(value);
      else if (Array.isArray(value)) for (const one of value) if (isNode(one)) visit(one);
    }
  };
  visit(parseAst(code) as unknown as Node);
  // Where an end and a start fall together the end comes first; starts keep the order of their nesting, ends the reverse.
  marks.sort(
    (a, b) =>
      a.at - b.at ||
      rank(a.text) - rank(b.text) ||
      (rank(a.text) === 0 ? b.order - a.order : a.order - b.order),
  );
  const parts: string[] = [];
  let from = 0;
  for (const { at, text } of marks) {
    parts.push(code.slice(from, at), text);
    from = at;
  }
  parts.push(code.slice(from));
  return { code: parts.join(''), next };
}

const rank = (text: string) => (text === '}' || text === ')' ? 0 : 1);

/** Behind `'use strict'` and the like, which must come first. */
function afterDirectives(body: Node): number {
  const statements = Array.isArray(body.body) ? body.body.filter(isNode) : [];
  const directives = statements.filter((one) => typeof one.directive === 'string');
  return directives.at(-1)?.end ?? body.start + 1;
}
