import type { Problem } from '../../preload/values.js';
import type { ScannedInstance } from './group.js';
import { limits } from './limits.js';
import { submit } from './pool.js';

/** Instances with one identity each, and of each study what was left out of it and why. */
export interface Settled {
  instances: ScannedInstance[];
  /** By the study of the one that is kept. */
  problems: Map<string, Problem[]>;
}

/**
 * Of several files with one SOP instance UID keeps one: copies of the same bytes silently; of different contents the first whose pixels
 * are there and decode, since a damaged file and its repaired copy share their UID. The others are told of, by name.
 * @param scanned in the order in which the files were found
 */
export async function settleTwins(
  scanned: readonly ScannedInstance[],
  signal: AbortSignal | undefined,
): Promise<Settled> {
  const byUid = new Map<string, ScannedInstance[]>();
  for (const one of scanned) {
    const twins = byUid.get(one.instance.uid);
    if (twins) twins.push(one);
    else byUid.set(one.instance.uid, [one]);
  }
  const problems = new Map<string, Problem[]>();
  const instances: ScannedInstance[] = [];
  const end = performance.now() + limits.twinsMs;
  for (const twins of byUid.values()) {
    const [first] = twins;
    if (!first) continue;
    const different = await differentOf(twins, signal);
    const kept = different.length > 1 ? await bestOf(different, end, signal) : first;
    instances.push(kept);
    const { uid } = kept.study;
    for (const { instance } of different)
      if (instance !== kept.instance)
        problems.set(uid, [...(problems.get(uid) ?? []), sameIdentity(instance.file, kept.instance.file)]);
  }
  return { instances, problems };
}

/** One of each content. */
async function differentOf(
  twins: readonly ScannedInstance[],
  signal: AbortSignal | undefined,
): Promise<ScannedInstance[]> {
  const different: ScannedInstance[] = [];
  for (const twin of twins) {
    const alike = different.filter(({ bytes }) => bytes === twin.bytes);
    // Thousands of files that claim one identity are one fault, not thousands of comparisons: then files of one size are copies.
    let copy = different.length >= limits.twins && alike.length > 0;
    for (const other of alike)
      copy ||= await haveSameBytes([other.instance.file, twin.instance.file], signal);
    if (!copy) different.push(twin);
  }
  return different;
}

/** What cannot be compared is another file. */
const haveSameBytes = (pair: [string, string], signal: AbortSignal | undefined): Promise<boolean> =>
  submit('same', { pair }, { signal }).catch((thrown: unknown) => {
    if (signal?.aborted) throw thrown;
    return false;
  });

/** The first that decodes; where none does or time is short, the first whose header is sound. */
async function bestOf(
  twins: readonly ScannedInstance[],
  end: number,
  signal: AbortSignal | undefined,
): Promise<ScannedInstance> {
  const sound = twins.filter(({ instance, problem }) => instance.hasPixels && !problem);
  if (sound.length > 1)
    for (const one of sound) {
      if (performance.now() > end) break;
      const decodes = await submit('frame', { file: one.instance.file, frame: 0, minSidePx: 64 }, { signal })
        .then(() => true)
        .catch((thrown: unknown) => {
          if (signal?.aborted) throw thrown;
          return false;
        });
      if (decodes) return one;
    }
  const [first] = [...sound, ...twins];
  if (!first) throw new RangeError('No twins.');
  return first;
}

const sameIdentity = (file: string, shown: string): Problem => ({
  file,
  code: 'bad-input',
  message: `It claims to be the same image as ${shown} but is another file. Only that one is shown; open this one alone to see it.`,
});
