import type { Frame, Instance } from '../preload/values.js';

/** Bytes of pixel data kept: enough for the views of a chest study and a stretch of a CT around the slice in view. */
const capacityBytes = 96 * 1024 * 1024;

/** Decoded frames, the least recently used dropped first. What two ask for at once is decoded once. */
export class FrameCache {
  readonly #frames = new Map<string, Promise<Frame>>();
  readonly #bytes = new Map<string, number>();
  #total = 0;

  constructor(private readonly decode: (instance: Instance, frame: number) => Promise<Frame>) {}

  /** A frame that is already there or on its way. */
  known(instance: Instance, frame: number): Promise<Frame> | undefined {
    return this.#frames.get(keyOf(instance, frame));
  }

  /** Rejects with the WetreadError of the decoder; a failure is not kept. */
  async get(instance: Instance, frame: number): Promise<Frame> {
    const key = keyOf(instance, frame);
    const known = this.#frames.get(key);
    if (known) {
      this.#frames.delete(key);
      this.#frames.set(key, known);
      return known;
    }
    const decoding = this.decode(instance, frame);
    this.#frames.set(key, decoding);
    try {
      const decoded = await decoding;
      this.#bytes.set(key, decoded.data.byteLength);
      this.#total += decoded.data.byteLength;
      this.#shrink(key);
      return decoded;
    } catch (thrown) {
      this.#frames.delete(key);
      throw thrown;
    }
  }

  #shrink(keep: string): void {
    for (const key of this.#frames.keys()) {
      if (this.#total <= capacityBytes) return;
      const bytes = this.#bytes.get(key);
      if (key === keep || bytes === undefined) continue;
      this.#frames.delete(key);
      this.#bytes.delete(key);
      this.#total -= bytes;
    }
  }
}

const keyOf = ({ file, uid }: Instance, frame: number) => `${file}\n${uid}\n${frame}`;
