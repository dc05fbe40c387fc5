import { createHash } from 'node:crypto';
import { WetreadError } from '../error.js';
import { limits } from './limits.js';
import { decodeStored, type PixelModule, type Samples, swap } from './pixels.js';

/** What `wetread decode` says of a file whose pixels decode. */
export interface PixelDescription {
  /** `frames x rows x columns x samples:type`, frames and samples left out where there is one. */
  shape: string;
  /** Lowest and highest stored value. */
  range: string;
  /** Of all stored values: frame by frame, samples interleaved, in the byte order of the file where native. */
  sha256: string;
  transferSyntax: string;
}

/** Decodes all frames of an object and describes the stored values, before any look-up table or colour conversion. */
export async function describePixels(module: PixelModule): Promise<PixelDescription> {
  const hash = createHash('sha256');
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let type = '';
  let size = [module.rows, module.columns];
  let samples = module.samples;
  let bytes = 0;
  for (let frame = 0; frame < module.frames; frame++) {
    const stored = await decodeStored(module, frame, { asStored: true });
    const { values } = stored;
    size = [stored.rows, stored.columns];
    samples = stored.samples;
    bytes += values.byteLength;
    if (bytes > limits.describedBytes)
      throw new WetreadError('limit-exceeded', 'Its pixels are too many to describe.');
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? 0;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    const big = module.codec === 'native' && !module.header.littleEndian && module.bitsAllocated > 8;
    type = typeOf(values, big);
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    if (big) swap(raw, values.BYTES_PER_ELEMENT);
    hash.update(raw);
  }
  const shape = [...(module.frames > 1 ? [module.frames] : []), ...size, ...(samples > 1 ? [samples] : [])];
  return {
    shape: `${shape.join('x')}:${type}`,
    range: `${min}..${max}`,
    sha256: hash.digest('hex'),
    transferSyntax: module.header.transferSyntax,
  };
}

function typeOf(values: Samples, bigEndian: boolean): string {
  const name = values.constructor.name.replace('Array', '').toLowerCase();
  const short = `${name.startsWith('u') ? 'u' : name.startsWith('f') ? 'f' : 'i'}${values.BYTES_PER_ELEMENT}`;
  return bigEndian ? `>${short}` : name;
}
