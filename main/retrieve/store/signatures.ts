/**
 * Who vouches for the versions of a published dataset: the table `signatures` beside `versions`. A signature is there before its version is, so
 * that whoever sees a version sees its signature, and a publication that was killed in between leaves one that no version asks for.
 */
import type { Connection } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';
import { z } from 'zod';
import { isSignedBy, type Sign, Signature } from '../../trust/index.js';
import { arrow } from './arrow.js';
import { openIfThere } from './connection.js';
import { keptVersions, type VersionRow } from './versions.js';

/** What is signed of a version: which one of which dataset it is, when it was made, and the digest of all its rows. */
const SignedVersion = z.object({
  dataset: z.string(),
  version: z.number().int().positive(),
  /** ISO 8601 UTC, with which versions are told older from newer. */
  at: z.iso.datetime(),
  /** As `rowsDigest` has it. */
  rows: z.string().regex(/^[0-9a-f]{64}$/),
});
type SignedVersion = z.infer<typeof SignedVersion>;

export const VersionSignature = SignedVersion.extend(Signature.shape);
export type VersionSignature = z.infer<typeof VersionSignature>;

const signaturesTable = 'signatures';
/** Of one version: its publisher's, and some more where the publisher's key has changed. */
const maxSignatures = 100;

/** Canonical JSON (RFC 8785): names in their order, no spaces. The type keeps a signature from being taken for one of something else. */
const bytesOf = ({ at, dataset, rows, version }: SignedVersion): Uint8Array =>
  Buffer.from(JSON.stringify({ at, dataset, rows, type: 'wetread.dataset.version', version }));

/** The signatures of this very version that are true, by whomever. */
export async function readSignatures(
  connection: Connection,
  { dataset, version, at }: Pick<VersionRow, 'dataset' | 'version' | 'at'>,
): Promise<VersionSignature[]> {
  const table = await openIfThere(connection, signaturesTable);
  if (table === undefined) return [];
  try {
    const rows = await table.query().where(`version = ${version}`).limit(maxSignatures).toArray();
    return rows.flatMap((row) => {
      const { data } = VersionSignature.safeParse({ ...row });
      const isIts = data?.dataset === dataset && data.version === version && data.at === at;
      return data !== undefined && isIts && isSignedBy(bytesOf(data), data) ? [data] : [];
    });
  } finally {
    table.close();
  }
}

/** Signs a version and stores that where it is not there yet; signatures of versions that are not kept any more go. */
export async function addSignature(
  connection: Connection,
  signed: SignedVersion,
  sign: Sign,
): Promise<VersionSignature> {
  const row = { ...signed, ...(await sign(bytesOf(signed))) };
  const there = await readSignatures(connection, signed);
  if (there.some(({ key, rows }) => key === row.key && rows === row.rows)) return row;
  const table = await connection.createEmptyTable(signaturesTable, schema(), {
    mode: 'create',
    existOk: true,
  });
  try {
    await table.add([row]);
    await table.delete(`version <= ${row.version - keptVersions}`);
    await table.optimize({ cleanupOlderThan: new Date() });
    return row;
  } finally {
    table.close();
  }
}

function schema(): Schema {
  const { Field, Int32, Utf8 } = arrow;
  return new arrow.Schema([
    new Field('dataset', new Utf8(), false),
    new Field('version', new Int32(), false),
    new Field('at', new Utf8(), false),
    new Field('rows', new Utf8(), false),
    new Field('key', new Utf8(), false),
    new Field('signature', new Utf8(), false),
  ]);
}
