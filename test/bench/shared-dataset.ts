/*
 * What the signature of a shared dataset costs: the digest over all its rows, which a publisher makes twice (of what is here, of what was
 * written) and a reader once, beside the publication and the first copy as a whole.
 * `npx tsx test/bench/shared-dataset.ts [--documents 20000]`
 *
 * Fills a dataset of reports of three snippets with vectors and one picture of 4 KB each, which are five rows a report, in a temporary folder, and
 * removes it. Times are of the clock; CPU time is that of all threads, LanceDB's reading among them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Embed, openLibrary, type SourceDocument } from '../../main/retrieve/index.js';
import { openIfThere } from '../../main/retrieve/store/connection.js';
import { rowsDigest } from '../../main/retrieve/store/row-digest.js';
import { signerIn } from '../../main/trust/index.js';
import { report } from '../integration/retrieve/source-documents.js';

const { values: options } = parseArgs({ options: { documents: { type: 'string', default: '20000' } } });
const count = Number(options.documents);
const batch = 1000;
const thumbnailBytes = 4096;

/** Drawn by xorshift: what is hashed is as long as what a pack makes, and does not repeat. */
let state = 0x9e3779b9;
function drawn(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state;
}
const vector = (width: number) => Float32Array.from({ length: width }, () => drawn() / 2 ** 31);
const embed: Embed = async (texts) => texts.map(() => ({ semantic: vector(384), joint: vector(256) }));

function withPicture(n: number): SourceDocument {
  const thumbnail = new Uint8Array(Int32Array.from({ length: thumbnailBytes / 4 }, drawn).buffer);
  return { ...report(n), images: [{ view: 'frontal', vector: vector(256), thumbnail }] };
}

async function timed<T>(label: string, work: () => Promise<T>): Promise<T> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const rss = (process.memoryUsage.rss() / 1e6).toFixed(0);
  console.log(`${label}: ${seconds} s, CPU ${((user + system) / 1e6).toFixed(1)} s; resident ${rss} MB`);
  return result;
}

const folder = mkdtempSync(join(tmpdir(), 'wetread-shared-bench-'));
try {
  const open = (name: string) =>
    openLibrary({ folder: join(folder, name), embed, embedder: 'drawn', sign: signerIn(join(folder, name)) });
  const location = join(folder, 'share');
  const theirs = await open('publisher');
  await theirs.add({ title: 'Cases' });
  const writer = await theirs.openWriter('cases');
  await timed(`fill with ${count} reports`, async () => {
    for (let at = 0; at < count; at += batch)
      await writer.write(
        Array.from({ length: Math.min(batch, count - at) }, (_, n) => withPicture(at + n)),
        { vectors: true },
      );
    await writer.finish('Bench');
  });
  await writer.close();
  const { connection } = theirs.index('cases');
  const digest = () =>
    rowsDigest({ open: (name) => openIfThere(connection, name), within: (request) => request });
  const once = await timed(`digest of ${5 * count} rows`, digest);
  const again = await timed('the same once more', digest);
  if (once !== again) throw new Error('Two digests of the same rows differ.');
  await timed('publish, with two digests', () => theirs.publish('cases', location));
  await timed('publish again, nothing changed', () => theirs.publish('cases', location));
  const ours = await open('reader');
  await ours.add({ title: 'Theirs', location });
  await timed('first copy, with one digest and its indices', () => ours.refresh('theirs'));
  await theirs.dispose();
  await ours.dispose();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
