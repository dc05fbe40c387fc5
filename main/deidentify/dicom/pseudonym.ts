import { createHmac } from 'node:crypto';

/**
 * Stand-ins that are the same for the same original in every study and every run of one site, and that nobody without the site's secret
 * can tell from others or reckon back: keyed hashes (HMAC-SHA-256) of the originals.
 */
export class Pseudonyms {
  /** @param secret of the site, 32 bytes */
  constructor(private readonly secret: Uint8Array) {}

  private hash(kind: string, original: string): Buffer {
    return createHmac('sha256', this.secret).update(`${kind}\n${original}`, 'utf8').digest();
  }

  /** A UID under 2.25 (PS3.5 B.2): 128 bits of the hash, as a UUID of version 8 (RFC 9562) written in decimal. */
  uid(original: string): string {
    const bytes = this.hash('uid', original).subarray(0, 16);
    bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
  }

  /** Sixteen letters and digits that stand for a patient, as name and as ID. */
  patient(id: string): string {
    const digits = BigInt(`0x${this.hash('patient', id).toString('hex', 0, 10)}`).toString(36);
    return `WR${digits.toUpperCase().padStart(16, '0').slice(-14)}`;
  }

  /** Whole days, from one year to ten, by which all dates of a patient go back; intervals between them stay. */
  daysBack(id: string): number {
    return 365 + (this.hash('days', id).readUInt32BE(0) % 3286);
  }
}
