import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { TrustList } from '../../../preload/values.js';
import { SnippetText } from '../../../renderer/evidence/snippet-text.js';
import { TrustPanel } from '../../../renderer/models/trust-panel.js';
import { SessionContext } from '../../../renderer/session/access.js';

const waiting: TrustList['waiting'][number] = {
  kind: 'pack',
  digest: 'ab'.repeat(32),
  what: 'other 1.0.0',
  message: 'The model pack other 1.0.0 is not signed.',
};
const empty: TrustList = { publishers: [], accepted: [], waiting: [] };
const panel = (list: TrustList) => renderToStaticMarkup(<TrustPanel list={list} onChange={() => {}} />);

it('names what waits for trust with its whole digest, and offers to trust a signer only where there is one', () => {
  const unsigned = panel({ ...empty, waiting: [waiting] });
  expect(unsigned).toContain(waiting.message);
  expect(unsigned).toContain(waiting.digest);
  expect(unsigned).not.toContain('Trust its signer');
  const signer = { key: 'k'.repeat(43), fingerprint: '0011 2233' };
  const signed = panel({ ...empty, waiting: [{ ...waiting, signer }] });
  expect(signed).toContain('Trust its signer');
  expect(signed).toContain('0011 2233');
});

it('lets only an administrator decide, and shows what is wrong with the list', () => {
  const resident = {
    state: 'signed-in' as const,
    user: { name: 'rob', fullName: 'Rob', roles: ['resident' as const] },
    lockMinutes: 10,
  };
  const html = renderToStaticMarkup(
    <SessionContext value={resident}>
      <TrustPanel list={{ ...empty, waiting: [waiting], problem: 'It is damaged.' }} onChange={() => {}} />
    </SessionContext>,
  );
  expect(/<button[^>]*data-testid="trust-pack"[^>]*>/.exec(html)?.[0]).toContain('role-missing');
  expect(html).toContain('It is damaged.');
});

it('shows what a document says as the text that it is', () => {
  const poison = '<script>alert(1)</script><img src=x onerror=alert(1)> [here](javascript:alert(1))';
  const html = renderToStaticMarkup(
    <SnippetText
      snippet={{
        title: poison,
        text: poison,
        source: poison,
        licence: poison,
        version: '1',
        score: 1,
        scores: {},
      }}
    />,
  );
  expect(html).not.toMatch(/<script|<img|<a |href/);
  expect(html).toContain('&lt;script&gt;');
});

it('has no way in the window to set markup from a text', () => {
  const folder = join(import.meta.dirname, '../../../renderer');
  const sources = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.tsx?$/.test(entry.name),
  );
  for (const { parentPath, name } of sources)
    expect(readFileSync(join(parentPath, name), 'utf8'), name).not.toMatch(
      /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write|srcDoc|eval\(/,
    );
});
