import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WetreadError } from '../../../main/error.js';
import { resolveFile, respond } from '../../../main/window/content.js';

const folder = join(mkdtempSync(join(tmpdir(), 'wetread-window-')), 'renderer');
mkdirSync(join(folder, 'assets'), { recursive: true });
writeFileSync(join(folder, 'index.html'), '<!doctype html>');
writeFileSync(join(folder, 'assets', 'codec.wasm'), new Uint8Array([0, 97, 115, 109]));
writeFileSync(join(folder, '..', 'secret.json'), '{}');

const asked: unknown[] = [];
const images = {
  async frame(...args: [string, string, number]) {
    asked.push(args);
    if (args[0] === 'lost') throw new WetreadError('engine-lost', 'Gone.');
    return new Uint8Array([1, 2, 3]);
  },
  async thumbnail(...args: [string, string]) {
    asked.push(args);
    return new Uint8Array([0xff, 0xd8]);
  },
  async caseImage(...args: [string, string, number]) {
    asked.push(args);
    return new Uint8Array([0xff, 0xd8]);
  },
};
const get = (address: string) => respond(address, folder, images);

test('serves the page with the policy and wasm with its type', async () => {
  const page = await get('wetread://app/index.html');
  expect(page.status).toBe(200);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).not.toContain("'unsafe-eval'");
  const wasm = await get('wetread://app/assets/codec.wasm');
  expect(wasm.headers.get('content-type')).toBe('application/wasm');
});

test.each([
  '/../secret.json',
  '/..%2fsecret.json',
  '/%2e%2e/secret.json',
  '/assets/..%2f..%2fsecret.json',
  '/..\\secret.json',
  '/index.html%00.json',
  '/assets',
])('does not serve %s', async (path) => {
  expect((await get(`wetread://app${path}`)).status).toBe(404);
});

test('a path never leaves the folder, even before the URL parser has folded it', () => {
  expect(resolveFile('/../secret.json', folder)).toBeUndefined();
  expect(resolveFile('/assets/../index.html', folder)).toBe(join(folder, 'index.html'));
});

test('decodes the UIDs of frames and thumbnails and lets the page read them', async () => {
  const frame = await get('wetread://frame/1.2%2F3/1.2.4/7');
  expect(new Uint8Array(await frame.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
  expect(frame.headers.get('access-control-allow-origin')).toBe('wetread://app');
  const thumbnail = await get('wetread://thumbnail/1.2.3/1.2.4');
  expect(thumbnail.headers.get('content-type')).toBe('image/jpeg');
  const earlier = await get('wetread://case/ward%204/case-1/2');
  expect(earlier.headers.get('content-type')).toBe('image/jpeg');
  expect(asked).toEqual([
    ['1.2/3', '1.2.4', 7],
    ['1.2.3', '1.2.4'],
    ['ward 4', 'case-1', 2],
  ]);
});

test('answers errors by their code', async () => {
  expect((await get('wetread://frame/1/2/minus-one')).status).toBe(404);
  expect((await get('wetread://frame/%E0%A4%A/2/0')).status).toBe(404);
  expect((await get('wetread://elsewhere/1')).status).toBe(404);
  const lost = await get('wetread://frame/lost/2/0');
  expect(lost.status).toBe(500);
  expect(await lost.json()).toEqual({ code: 'engine-lost', message: 'Gone.' });
});
