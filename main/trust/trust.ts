/** What may be loaded: what ships with Wetread, and what the user trusts besides. Everything else is refused by name. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { WetreadError } from '../error.js';
import { knowledgeDigest, sha256 } from './digest.js';
import { type Signed, signerOf } from './pack-signature.js';
import { type Shipped, shipped as sealed } from './shipped.js';
import { fingerprintOf, type PublicKey } from './signature.js';
import {
  type Accepted,
  Publisher,
  readTrustFile,
  type TrustFile,
  trustFileStamp,
  writeTrustFile,
} from './trust-file.js';

/** Why a pack may be loaded. */
export interface PackTrust {
  kind: 'shipped' | 'signed' | 'accepted';
  /** Who signed it, where that is why. */
  publisher?: { name: string; fingerprint: string };
}

/** Something that is there and not trusted. */
export interface Waiting {
  kind: Accepted['kind'];
  digest: string;
  /** Its name for people. */
  what: string;
  /** Who signed it; absent where nobody did, or the signature is of something else. */
  signer?: { key: PublicKey; fingerprint: string };
  message: string;
}

export interface TrustList {
  publishers: (Publisher & { fingerprint: string })[];
  accepted: Accepted[];
  waiting: Waiting[];
  /** What is wrong with the list itself. */
  problem?: string;
}

/** Where there is something to be trusted. */
export interface Places {
  packFolders: readonly string[];
  documentsFolder: string;
}

export interface Trust {
  /** @throws WetreadError `untrusted`, naming pack, version, signer and what to do */
  requirePack(folder: string, manifest: Uint8Array): Promise<PackTrust>;
  /** @throws WetreadError `untrusted` where a document was changed, added or taken away; `not-found` */
  requireKnowledge(folder: string): Promise<void>;
  list(places: Places): Promise<TrustList>;
  /** Trusts what is in one of `places` with this digest, and only with it. @throws WetreadError `not-found` */
  accept(digest: string, places: Places, by: string): Promise<void>;
  /** Trusts all packs that this key has signed and will sign. @throws WetreadError `bad-input` */
  addPublisher(publisher: { name: string; key: string }, by: string): Promise<void>;
  /** Takes trust back, by digest, key or fingerprint. What is open stays open until the next start. @throws WetreadError `not-found` */
  remove(which: string): Promise<void>;
  /** Another text whenever the list was written; costs next to nothing. */
  stamp(): Promise<string>;
}

type Verdict = Waiting & { trust?: PackTrust };

/** Trust as the user has it; without a data folder only what ships. The list is read each time, so that a change by command holds at once. */
export function openTrust(dataFolder?: string, { shipped = sealed }: { shipped?: Shipped } = {}): Trust {
  let changing: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<TrustFile & { problem?: string }> =>
    dataFolder === undefined ? { format: 1, publishers: [], accepted: [] } : await readTrustFile(dataFolder);
  const change = async (edit: (list: TrustFile) => Pick<TrustFile, 'publishers' | 'accepted'>) => {
    if (dataFolder === undefined) throw new WetreadError('not-allowed', 'There is nowhere to keep trust.');
    const turn = changing.then(async () => writeTrustFile(dataFolder, edit(await readTrustFile(dataFolder))));
    changing = turn.catch(() => {});
    await turn;
  };

  async function judgePack(folder: string, manifest: Uint8Array): Promise<Verdict> {
    const digest = sha256(manifest);
    const what = nameIn(folder, manifest);
    const signed = await signerOf(folder, manifest);
    const signer =
      typeof signed === 'object' ? { key: signed.by, fingerprint: fingerprintOf(signed.by) } : undefined;
    const verdict: Verdict = {
      ...{ kind: 'pack', digest, what, ...(signer && { signer }) },
      message: `The model pack ${what} does not ship with this Wetread and ${signedWords(signed)}. Nothing of it was loaded. Trust it under Models, if you know where it comes from, or install Wetread again.`,
    };
    if (Object.values(shipped.packs).includes(digest)) return { ...verdict, trust: { kind: 'shipped' } };
    const { publishers, accepted } = await read();
    const publisher = publishers.find(({ key }) => key === signer?.key);
    if (publisher && signer)
      return {
        ...verdict,
        trust: { kind: 'signed', publisher: { name: publisher.name, fingerprint: signer.fingerprint } },
      };
    if (accepted.some((one) => one.kind === 'pack' && one.digest === digest))
      return { ...verdict, trust: { kind: 'accepted' } };
    return verdict;
  }

  async function judgeKnowledge(folder: string): Promise<{ waiting: Waiting; isTrusted: boolean }> {
    const digest = await knowledgeDigest(folder);
    const { accepted } = await read();
    return {
      waiting: {
        ...{ kind: 'knowledge', digest, what: 'The knowledge base' },
        message:
          'The documents of the knowledge base are not those that ship with this Wetread: one was changed, added or taken away. They are not used; drafts go without their citations. Install Wetread again, or trust this knowledge base under Indices if you made the change.',
      },
      isTrusted:
        digest === shipped.knowledge ||
        accepted.some((one) => one.kind === 'knowledge' && one.digest === digest),
    };
  }

  async function waitingIn({ packFolders, documentsFolder }: Places): Promise<Waiting[]> {
    const waiting: Waiting[] = [];
    for (const folder of packFolders) {
      // A pack that is not there has its own error where it is opened.
      const manifest = await readFile(join(folder, 'manifest.json')).catch(() => undefined);
      if (manifest === undefined) continue;
      const { trust, ...verdict } = await judgePack(folder, manifest);
      if (trust === undefined) waiting.push(verdict);
    }
    const knowledge = await judgeKnowledge(documentsFolder).catch(() => undefined);
    if (knowledge && !knowledge.isTrusted) waiting.push(knowledge.waiting);
    return waiting;
  }

  return {
    stamp: async () => (dataFolder === undefined ? '' : await trustFileStamp(dataFolder)),
    async requirePack(folder, manifest) {
      const { trust, message } = await judgePack(folder, manifest);
      if (trust === undefined) throw new WetreadError('untrusted', message);
      return trust;
    },
    async requireKnowledge(folder) {
      const { waiting, isTrusted } = await judgeKnowledge(folder);
      if (!isTrusted) throw new WetreadError('untrusted', waiting.message);
    },
    async list(places) {
      const { publishers, accepted, problem } = await read();
      return {
        publishers: publishers.map((one) => ({ ...one, fingerprint: fingerprintOf(one.key) })),
        ...{ accepted, waiting: await waitingIn(places), ...(problem !== undefined && { problem }) },
      };
    },
    async accept(digest, places, by) {
      const found = (await waitingIn(places)).find((one) => one.digest === digest);
      if (found === undefined)
        throw new WetreadError(
          'not-found',
          'Nothing that waits for your trust has this digest: it may have been changed again.',
        );
      const { kind, what } = found;
      await change(({ publishers, accepted }) => ({
        publishers,
        accepted: [
          ...accepted.filter((one) => one.digest !== digest),
          { digest, kind, what, by, at: new Date().toISOString() },
        ],
      }));
    },
    async addPublisher(publisher, by) {
      const added = Publisher.safeParse({ ...publisher, by, at: new Date().toISOString() });
      if (!added.success)
        throw new WetreadError(
          'bad-input',
          'A publisher has a name and an Ed25519 public key of 43 characters, as wetread pack sign shows it.',
          { cause: added.error },
        );
      await change(({ publishers, accepted }) => ({
        publishers: [...publishers.filter(({ key }) => key !== added.data.key), added.data],
        accepted,
      }));
    },
    async remove(which) {
      const { publishers, accepted } = await read();
      const isMeant = (one: Publisher) => one.key === which || fingerprintOf(one.key) === which;
      if (!publishers.some(isMeant) && !accepted.some(({ digest }) => digest === which))
        throw new WetreadError('not-found', 'This is not trusted.');
      await change((list) => ({
        publishers: list.publishers.filter((one) => !isMeant(one)),
        accepted: list.accepted.filter(({ digest }) => digest !== which),
      }));
    },
  };
}

/** Only what cannot be mistaken for another part of the sentence. */
const Word = z.string().regex(/^[A-Za-z0-9._-]{1,60}$/);
const Name = z.object({ id: Word, version: Word });

function nameIn(folder: string, manifest: Uint8Array): string {
  try {
    const { id, version } = Name.parse(JSON.parse(Buffer.from(manifest).toString('utf8')));
    return `${id} ${version}`;
  } catch {
    return `in the folder ${basename(folder)}`;
  }
}

function signedWords(signed: Signed): string {
  if (signed === 'unsigned') return 'is not signed';
  if (signed === 'false') return 'its signature does not match it';
  return `is signed by somebody you have not trusted (key ${fingerprintOf(signed.by)})`;
}
