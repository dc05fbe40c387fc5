import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Problem, Study } from '../../preload/values.js';
import { toWetreadError, WetreadError } from '../error.js';
import { resolveReferences } from './dicomdir.js';
import { dedupeProblems, groupStudies, type ScannedInstance } from './group.js';
import { limits } from './limits.js';
import { submit } from './pool.js';
import { problemOf, type Scanned } from './scan.js';
import { settleTwins } from './twins.js';
import { walkFolder } from './walk.js';
import { memberMark, splitMember } from './zip.js';

export interface LoadOptions {
  signal?: AbortSignal;
  /** Called as files are read; `total` grows while folders are still being listed. */
  onProgress?: (progress: { done: number; total: number }) => void;
}

export interface Loaded {
  studies: Study[];
  /** What could not be read, each with its file and reason, those of the studies included. */
  problems: Problem[];
}

/** Files that go to a reader at once: as many as it reads in a tenth of a second, so that it neither waits for work nor is long away. */
const batch = { first: 16, most: 256, aimMs: 100 };
/** More than there are readers: the next batch waits where the last one was done. */
const batchesAtOnce = 4;

/** A file to look at. `named`: somebody asked for this very file, so that it is a problem if it is nothing of ours. */
interface Candidate {
  file: string;
  named: boolean;
}

/**
 * Loads studies from files, folders, ZIPs, DICOMDIRs and plain JPEG or PNG pictures, in any mix. Reads headers only. Whatever is
 * damaged becomes a problem and the rest loads; rejects only with WetreadError `cancelled`, or `limit-exceeded` for more than
 * half a million files.
 */
export async function loadStudies(paths: readonly string[], options: LoadOptions = {}): Promise<Loaded> {
  return new Load(options).run(paths);
}

class Load {
  private readonly problems: Problem[] = [];
  private readonly instances: ScannedInstance[] = [];
  private readonly queue: Candidate[] = [];
  private next = 0;
  private batchSize = batch.first;
  private readonly seen = new Set<string>();
  private readonly visited = new Set<string>();
  private done = 0;
  private readonly signal: AbortSignal | undefined;

  constructor(private readonly options: LoadOptions) {
    this.signal = options.signal;
  }

  async run(paths: readonly string[]): Promise<Loaded> {
    try {
      for (const path of paths) await this.list(resolve(path));
      await Promise.all(Array.from({ length: batchesAtOnce }, () => this.drain()));
    } catch (thrown) {
      throw this.signal?.aborted ? new WetreadError('cancelled', 'Cancelled.') : toWetreadError(thrown);
    }
    const studies = await this.group();
    const ofStudies = studies.flatMap((study) => study.problems);
    return { studies, problems: dedupeProblems([...this.problems, ...ofStudies]) };
  }

  private async group(): Promise<Study[]> {
    const { instances, problems } = await settleTwins(this.asListed(), this.signal).catch(
      (thrown: unknown) => {
        throw this.signal?.aborted ? new WetreadError('cancelled', 'Cancelled.') : thrown;
      },
    );
    const studies = groupStudies(instances);
    for (const study of studies) study.problems.push(...(problems.get(study.uid) ?? []));
    return studies;
  }

  /** The instances in the order in which their files were found, not in which the readers were done with them. */
  private asListed(): ScannedInstance[] {
    const places = new Map([...this.seen].map((file, place) => [file, place]));
    const placeOf = ({ instance }: ScannedInstance) => places.get(instance.file) ?? places.size;
    return [...this.instances].sort((a, b) => placeOf(a) - placeOf(b));
  }

  private async list(path: string): Promise<void> {
    try {
      const kind = await stat(splitMember(path)?.archive ?? path);
      if (!kind.isDirectory()) this.add(path, true);
      else
        for await (const file of walkFolder(path, this.problems, this.signal, this.visited))
          this.add(file, false);
    } catch (thrown) {
      if (this.signal?.aborted || thrown instanceof WetreadError) throw thrown;
      this.problems.push(problemOf(path, thrown));
    }
  }

  private add(file: string, named: boolean): void {
    if (this.seen.has(file)) return;
    this.seen.add(file);
    if (this.seen.size > limits.files)
      throw new WetreadError(
        'limit-exceeded',
        `There are more than ${limits.files} files to open at once. Open one of the folders inside.`,
      );
    this.queue.push({ file, named });
  }

  private async drain(): Promise<void> {
    for (;;) {
      this.signal?.throwIfAborted();
      const files = this.queue.slice(this.next, this.next + this.batchSize);
      if (files.length === 0) return;
      this.next += files.length;
      const begin = performance.now();
      await this.scan(files);
      // Batches wait for each other at the readers, which is part of the time.
      const aim = (files.length * batch.aimMs * batchesAtOnce) / (performance.now() - begin);
      this.batchSize = Math.round(Math.min(batch.most, 2 * this.batchSize, Math.max(batch.first, aim)));
      this.done += files.length;
      this.options.onProgress?.({ done: this.done, total: this.seen.size });
    }
  }

  /** A batch that hangs or breaks down its reader is scanned again file by file, so that only the culprit is lost. */
  private async scan(candidates: readonly Candidate[]): Promise<void> {
    const files = candidates.map(({ file }) => file);
    try {
      const scanned = await submit('scan', { files }, { signal: this.signal });
      for (const [i, one] of scanned.entries()) await this.take(one, candidates[i]?.named ?? false);
    } catch (thrown) {
      if (this.signal?.aborted || toWetreadError(thrown).code === 'internal') throw thrown;
      const only = candidates.length === 1 ? candidates[0] : undefined;
      if (only) this.problems.push(problemOf(only.file, thrown));
      else for (const one of candidates) await this.scan([one]);
    }
  }

  private async take(scanned: Scanned, named: boolean): Promise<void> {
    switch (scanned.kind) {
      case 'instance':
        this.instances.push(scanned);
        return;
      case 'problem':
        this.problems.push(scanned.problem);
        return;
      case 'foreign':
        // A folder holds readme files and viewers as well; only what claims to be DICOM is missed.
        if (named || /\.(dcm|dicom|ima)$/i.test(scanned.file))
          this.problems.push({
            file: scanned.file,
            code: 'not-dicom',
            message: 'This is neither a DICOM file nor a ZIP, JPEG or PNG.',
          });
        return;
      case 'zip':
        return this.takeZip(scanned.file);
      case 'dicomdir': {
        if (splitMember(scanned.file)) return;
        const { files, problems } = await resolveReferences(scanned.file, scanned.references);
        this.problems.push(...problems);
        for (const file of files) this.add(file, true);
      }
    }
  }

  private async takeZip(file: string): Promise<void> {
    if (splitMember(file)) {
      this.problems.push({
        file,
        code: 'bad-input',
        message: 'A ZIP inside a ZIP is not opened. Unpack the outer one and open the folder.',
      });
      return;
    }
    try {
      for (const member of await submit('members', { file }, { signal: this.signal }))
        this.add(file + memberMark + member, false);
    } catch (thrown) {
      if (this.signal?.aborted) throw thrown;
      this.problems.push(problemOf(file, thrown));
    }
  }
}
