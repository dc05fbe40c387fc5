import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { AddedDataset } from '../../../renderer/indices/added-dataset.js';
import { DatasetSigner } from '../../../renderer/indices/dataset-signer.js';
import { TrustPublisher } from '../../../renderer/indices/trust-publisher.js';
import { SessionContext } from '../../../renderer/session/access.js';
import { dataset } from './knowledge-sample.js';

const publisher = { key: 'k'.repeat(43), fingerprint: '0011 2233' };
const shared = (change: Parameters<typeof dataset>[1] = {}) =>
  dataset('theirs', { kind: 'shared', location: 's3://radiology/chest', ...change });
const signer = (change: Parameters<typeof dataset>[1]) =>
  renderToStaticMarkup(<DatasetSigner dataset={shared(change)} />);

it('says who vouches for a shared dataset, and where nobody does', () => {
  expect(signer({ publisher })).toContain('0011 2233');
  expect(signer({ publisher })).toContain(`title="${publisher.key}"`);
  expect(signer({ publisher: 'unsigned' })).toContain('Not signed');
  expect(signer({ publisher: 'unsigned', location: 'db://chest' })).toContain('nothing checks');
  expect(signer({})).toContain('Nobody vouches');
});

it('tells after adding whose key is trusted from then on, or that nobody signed', () => {
  const added = (change: Parameters<typeof dataset>[1]) =>
    renderToStaticMarkup(<AddedDataset dataset={shared(change)} onClose={() => {}} />);
  expect(added({ publisher })).toContain('0011 2233');
  expect(added({ publisher: 'unsigned' })).toContain('It is not signed');
});

it('lets only an administrator trust another key', () => {
  const resident = {
    state: 'signed-in' as const,
    user: { name: 'rob', fullName: 'Rob', roles: ['resident' as const] },
    lockMinutes: 10,
  };
  const offer = (offered: typeof publisher | 'unsigned') => (
    <TrustPublisher dataset={shared()} offered={offered} onTrusted={() => {}} />
  );
  const html = renderToStaticMarkup(<SessionContext value={resident}>{offer(publisher)}</SessionContext>);
  expect(/<button[^>]*data-testid="trust-publisher"[^>]*>/.exec(html)?.[0]).toContain('role-missing');
  expect(renderToStaticMarkup(offer(publisher))).toContain('Trust the new key');
  expect(renderToStaticMarkup(offer('unsigned'))).toContain('Trust it unsigned');
});
