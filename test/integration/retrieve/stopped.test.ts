/** A process that is stopped in the middle of a write for longer than its lock's lease, and goes on when another one has taken over. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openLibrary } from '../../../main/retrieve/index.js';
import { lockFile } from '../../../main/retrieve/store/lock.js';
import { hashingEmbedder } from './hashing-embedder.js';
import { reports } from './source-documents.js';

const count = 60;
/** In every other one it goes on only when all is written and cleaned up. */
const rounds = Number(process.env.WETREAD_STOPS ?? 2);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-stopped-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A process that imports edition 1 over and over again, stopped within a write. */
async function stoppedWriter(afterMs: number) {
  const script = fileURLToPath(new URL('./endless-import.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  while (!said.includes('started')) await sleep(20);
  await sleep(afterMs);
  child.kill('SIGSTOP');
  return { child, ended: once(child, 'exit'), said: () => said };
}

const Row = z.object({ id: z.string(), text: z.string() });

test.skipIf(process.platform === 'win32')(
  'stopped in mid-write for longer than its lease, it writes nothing more once another one has taken over',
  { timeout: 240_000 * rounds },
  async () => {
    for (let round = 0; round < rounds; round++) {
      const { embed } = hashingEmbedder();
      const library = await openLibrary({ folder, embed, embedder: 'hashing' });
      const { id } = await library.add({ title: 'Own' });
      const { child, ended, said } = await stoppedWriter(Math.random() * 1500);
      try {
        const lock = lockFile(join(folder, id));
        const holder = await readFile(lock, 'utf8');
        // The machine could not be asked to wait for hours.
        const long = new Date(Date.now() - 60 * 60 * 1000);
        await utimes(lock, long, long);

        const told: string[] = [];
        const writer = await library.openWriter(id, { onProgress: ({ label }) => told.push(label) });
        expect(told).toEqual([
          expect.stringMatching(/^Waiting: another Wetread is writing Own \(since .*\d\d:\d\d\)$/),
        ]);
        const mine = reports(0, count, { edition: 2, images: 1 });
        const write = async (from: number, to: number) =>
          await writer.write(mine.slice(from, to), { vectors: true });
        await write(0, count / 2);
        const isLate = round % 2 === 1;
        if (isLate) {
          await write(count / 2, count);
          await writer.finish('edition 2');
        }
        child.kill('SIGCONT');
        for (let at = count / 2; at < count; at += 10) await write(at, at + 10);
        await ended;
        expect(child.exitCode).toBe(3);
        expect(said()).toContain('refused wrong-state');
        await writer.finish('edition 2');
        await writer.close();
        expect(await readFile(lock, 'utf8').catch(() => holder)).toBe(holder);

        await library.index(id).read('XR', async ({ documents, snippets, images }) => {
          const rows = (await snippets.query().select(['id', 'text']).toArray()).map((row) => Row.parse(row));
          expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
          expect(rows).toHaveLength(count * 3);
          for (const { id: row, text } of rows) if (row.endsWith('#0')) expect(text).toContain('edition 2.');
          expect(await documents.countRows()).toBe(count);
          expect(await images?.countRows()).toBe(count);
        });
        // Those before it are of rounds that it had finished.
        expect((await library.versions(id))[0]).toMatchObject({ note: 'edition 2', documents: count });
      } finally {
        child.kill('SIGKILL');
        await library.dispose();
        await rm(join(folder, id), { recursive: true });
        await rm(join(folder, 'datasets.json'));
      }
    }
  },
);
