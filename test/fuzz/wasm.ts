/*
 * A codec that trapped is thrown away with its memory, and a new one is made for the next frame. Most inputs here make it trap, and most
 * of the time would go into compiling the same code again: the process under test compiles it once, with marks that tell where an
 * execution went. Memory and state are new each time.
 */
import type { Coverage } from './coverage.js';
import { marksName, withMarks } from './wasm-marks.js';

interface Codec {
  module: WebAssembly.Module;
  globals: number;
  /** Of the instance that was made last; those before it are not used again. */
  marks: WebAssembly.Global[];
  /** What was ever set of each. */
  seen: BigUint64Array;
}

const codecs = new Map<number, Codec>();

/** From here on `WebAssembly.instantiate` compiles each code (told by its length) once. */
export function keepCompiled(coverage: Coverage): void {
  const instantiate = WebAssembly.instantiate.bind(WebAssembly);
  WebAssembly.instantiate = (async (
    source: BufferSource | WebAssembly.Module,
    imports?: WebAssembly.Imports,
  ) => {
    if (source instanceof WebAssembly.Module) return instantiate(source, imports);
    const codec = codecs.get(source.byteLength) ?? compile(source);
    if (!codecs.has(source.byteLength)) {
      codecs.set(source.byteLength, codec);
      coverage.also(() => takeNew(codec));
    }
    const instance = new WebAssembly.Instance(codec.module, imports);
    codec.marks = Array.from(
      { length: codec.globals },
      (_, at) => instance.exports[`${marksName}${at}`],
    ).filter((one) => one instanceof WebAssembly.Global);
    return { module: codec.module, instance };
  }) as typeof WebAssembly.instantiate;
}

function compile(source: BufferSource): Codec {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  const { bytes: marked, globals } = withMarks(bytes);
  return {
    module: new WebAssembly.Module(Uint8Array.from(marked)),
    globals,
    marks: [],
    seen: new BigUint64Array(globals),
  };
}

/** How many marks are set that never were before; clears them. */
function takeNew({ marks, seen }: Codec): number {
  let found = 0;
  for (const [at, mark] of marks.entries()) {
    const set = BigInt.asUintN(64, mark.value);
    if (set === 0n) continue;
    mark.value = 0n;
    const before = seen[at] ?? 0n;
    for (let fresh = set & ~before; fresh !== 0n; fresh &= fresh - 1n) found++;
    seen[at] = before | set;
  }
  return found;
}
