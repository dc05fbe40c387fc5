/*
 * Marks in WebAssembly, as `instrument.ts` puts counters into JavaScript: the codecs are compiled from C++, and without marks a run would
 * be led by the few lines around them only. A mark is a bit of an exported global of 64, set where a branch can lead: at the start of every
 * function, loop, `if` and `else`, behind every `br_if` and behind the end of every block. Globals need no memory of the codec's, and those
 * that are put behind its own change no index.
 */

/** How the exported globals with the marks are named; a number follows. */
export const marksName = 'fuzzMarks';
const bitsAGlobal = 64;

const sectionOf = { import: 2, global: 6, export: 7, code: 10 } as const;
/** Sections stand in the order of their numbers, but for two that were added later. */
const placeOf = (id: number) => (id === 12 ? 9.5 : id === 13 ? 5.5 : id);

class Bytes {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new Error('The WebAssembly ends too early.');
    return value;
  }

  /** An unsigned number (LEB128). */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** Numbers of either sign, passed over. */
  skip(count = 1): void {
    for (let i = 0; i < count; i++) while (this.byte() >= 128);
  }

  take(length: number): Uint8Array {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

function leb(value: number): number[] {
  const out: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) out.push((left % 128) | 128);
  return [...out, left];
}

function signedLeb(value: bigint): number[] {
  const out: number[] = [];
  for (let left = BigInt.asIntN(64, value); ; ) {
    const byte = Number(left & 127n);
    left >>= 7n;
    if ((left === 0n && byte < 64) || (left === -1n && byte >= 64)) return [...out, byte];
    out.push(byte | 128);
  }
}

interface Section {
  id: number;
  body: Uint8Array;
}

function sectionsOf(bytes: Uint8Array): Section[] {
  const from = new Bytes(bytes);
  from.take(8);
  const sections: Section[] = [];
  while (!from.done) {
    const id = from.byte();
    sections.push({ id, body: from.take(from.number()) });
  }
  return sections;
}

/** How many of the globals are imported. */
function importedGlobals(body: Uint8Array): number {
  const from = new Bytes(body);
  let globals = 0;
  for (let left = from.number(); left > 0; left--) {
    from.take(from.number());
    from.take(from.number());
    switch (from.byte()) {
      case 0:
        from.skip();
        break;
      case 1:
        from.skip();
        limits(from);
        break;
      case 2:
        limits(from);
        break;
      case 3:
        from.take(2);
        globals++;
        break;
      default:
        from.skip(2);
    }
  }
  return globals;
}

const limits = (from: Bytes) => from.skip((from.byte() & 1) === 1 ? 2 : 1);

/** An address: alignment, of which one bit says that a memory is named, and offset. */
function address(from: Bytes): void {
  from.skip((from.number() & 64) === 0 ? 1 : 2);
}

const opcode = { block: 2, loop: 3, if: 4, else: 5, try: 6, end: 0x0b, brIf: 0x0d } as const;

/** Passes what follows an operation: of the MVP, sign extension, references, bulk memory, exceptions, SIMD and threads. */
function operands(from: Bytes, op: number): void {
  if (op === 0xfc) {
    const kind = from.number();
    from.skip(kind < 8 ? 0 : [8, 10, 12, 14].includes(kind) ? 2 : 1);
  } else if (op === 0xfd) {
    const kind = from.number();
    if (kind <= 11 || (kind >= 84 && kind <= 93)) address(from);
    if (kind === 12 || kind === 13) from.take(16);
    if ((kind >= 21 && kind <= 34) || (kind >= 84 && kind <= 91)) from.take(1);
  } else if (op === 0xfe) {
    if (from.number() === 3) from.take(1);
    else address(from);
  } else if (op >= 0x28 && op <= 0x3e) address(from);
  else if (op === 0x0e) from.skip(from.number() + 1);
  else if (op === 0x1c) from.skip(from.number());
  else if (op === 0x43) from.take(4);
  else if (op === 0x44) from.take(8);
  else if (op === 0x11 || op === 0x13) from.skip(2);
  else if (oneNumber.has(op)) from.skip();
  else if (!bare.has(op) && !(op >= 0x45 && op <= 0xc4))
    throw new Error(`The WebAssembly has an operation that is not known here, ${op}.`);
}

const oneNumber = new Set([
  ...[0x02, 0x03, 0x04, 0x06, 0x07, 0x08, 0x09, 0x0c, 0x0d, 0x10, 0x12, 0x18, 0x20, 0x21, 0x22, 0x23, 0x24],
  ...[0x25, 0x26, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2],
]);
const bare = new Set([0x00, 0x01, 0x05, 0x0b, 0x0f, 0x19, 0x1a, 0x1b, 0xd1]);

/** A function with marks from `first` on. */
function markFunction(
  body: Uint8Array,
  first: number,
  markAt: (mark: number) => number[],
): { code: Buffer; next: number } {
  const from = new Bytes(body);
  const parts: Uint8Array[] = [];
  let copied = 0;
  let next = first;
  const mark = () => {
    parts.push(body.subarray(copied, from.at), Uint8Array.from(markAt(next++)));
    copied = from.at;
  };
  for (let left = from.number(); left > 0; left--) from.skip(2);
  mark();
  for (let depth = 1; depth > 0; ) {
    const op = from.byte();
    operands(from, op);
    const opens = op === opcode.block || op === opcode.loop || op === opcode.if || op === opcode.try;
    if (opens) depth++;
    if (op === opcode.end) depth--;
    if (depth > 0 && (op === opcode.end || op === opcode.brIf || op === opcode.else)) mark();
    else if (op === opcode.loop || op === opcode.if) mark();
  }
  parts.push(body.subarray(copied));
  const code = Buffer.concat(parts);
  return { code: Buffer.concat([Uint8Array.from(leb(code.length)), code]), next };
}

/**
 * The same module with marks. Throws where it has an operation that is not known here.
 * @returns the module, and how many globals hold its marks
 */
export function withMarks(bytes: Uint8Array): { bytes: Buffer; globals: number } {
  const sections = sectionsOf(bytes);
  const bodyOf = (id: number) => sections.find((section) => section.id === id)?.body ?? Uint8Array.of(0);
  const own = new Bytes(bodyOf(sectionOf.global));
  const ownGlobals = own.number();
  const firstGlobal = importedGlobals(bodyOf(sectionOf.import)) + ownGlobals;

  const functions = new Bytes(bodyOf(sectionOf.code));
  const count = functions.number();
  const code: Uint8Array[] = [Uint8Array.from(leb(count))];
  let marks = 0;
  for (let left = count; left > 0; left--) {
    // global.get, i64.const, i64.or, global.set
    const marked = markFunction(functions.take(functions.number()), marks, (mark) => {
      const global = leb(firstGlobal + Math.floor(mark / bitsAGlobal));
      return [0x23, ...global, 0x42, ...signedLeb(1n << BigInt(mark % bitsAGlobal)), 0x84, 0x24, ...global];
    });
    code.push(marked.code);
    marks = marked.next;
  }

  const globals = Math.ceil(marks / bitsAGlobal);
  // Of 64 bits, mutable, zero at first.
  const declared = Array.from({ length: globals }, () => [0x7e, 1, 0x42, 0, 0x0b]).flat();
  const exports = new Bytes(bodyOf(sectionOf.export));
  const exported = exports.number();
  const names = Array.from({ length: globals }, (_, at) => {
    const name = Buffer.from(`${marksName}${at}`);
    return [...leb(name.length), ...name, 3, ...leb(firstGlobal + at)];
  }).flat();
  const changed = new Map<number, Uint8Array>([
    [
      sectionOf.global,
      Uint8Array.from([...leb(ownGlobals + globals), ...own.bytes.subarray(own.at), ...declared]),
    ],
    [
      sectionOf.export,
      Uint8Array.from([...leb(exported + globals), ...exports.bytes.subarray(exports.at), ...names]),
    ],
    [sectionOf.code, Buffer.concat(code)],
  ]);
  const rest = sections.filter(({ id }) => id !== 0 && !changed.has(id));
  const all = [...rest, ...Array.from(changed, ([id, body]) => ({ id, body }))];
  all.sort((a, b) => placeOf(a.id) - placeOf(b.id));
  return {
    bytes: Buffer.concat([
      bytes.subarray(0, 8),
      ...all.flatMap(({ id, body }) => [Uint8Array.from([id, ...leb(body.length)]), body]),
    ]),
    globals,
  };
}
