/**
 * The main job, call by call as the window makes them, with what is to be true of each call: whether it has been done can be seen from
 * outside, wholly or not at all. An engine that is killed in between is asked again, as a user would.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { WetreadError } from '../../../main/error.js';
import { openStore, readOrMakeKeyFile } from '../../../main/review/index.js';
import type { Report, Sentence } from '../../../preload/values.js';
import { type RealEngine, sampleStudy } from './real-engine.js';

/** Documents of the import. */
export const documents = 24;

export interface Job {
  engine: RealEngine;
  dataFolder: string;
  /** What is imported lies here, what is exported goes here. */
  folder: string;
  study: string;
  dataset: string;
  /** The report as last acknowledged. */
  report: Report | undefined;
  /** Entries of the audit trail that were acknowledged. */
  entries: number;
}

export interface Step {
  name: string;
  /** Makes the call; what it answers is acknowledged. */
  run(job: Job): Promise<void>;
  /** After a kill: 'done' wholly or 'undone' wholly; throws, saying what was lost, where it is neither. Leaves `job` as it then is. */
  look(job: Job): Promise<'done' | 'undone'>;
}

/** Files to import, written by us. */
export function writeDocuments(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const sides = ['right', 'left'];
  for (let n = 0; n < documents; n++)
    writeFileSync(
      join(folder, `case-${n}.txt`),
      `Chest radiograph, case ${n}.\n\nFINDINGS\nThere is a small ${sides[n % 2]} pleural effusion of ${n + 3} mm. The heart is of normal size.\n\nIMPRESSION\nSmall ${sides[n % 2]} pleural effusion, number ${n}.\n`,
    );
}

export function newJob(engine: RealEngine, dataFolder: string, folder: string): Job {
  return { engine, dataFolder, folder, study: '', dataset: '', report: undefined, entries: 0 };
}

/** As stored: an answer may say that something is undefined where the store says nothing of it. */
const isSame = (one: Report, other: Report) =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));

class Loss extends Error {}
const lost = (what: string) => new Loss(what);

const reportOf = ({ report }: Job): Report => {
  if (!report) throw new Error('There is no report yet.');
  return report;
};

/** The audit trail of the job's report, and the whole trail checked; beside the engine, as the command line may do it. */
export async function checkTrail({ dataFolder, report }: Job): Promise<string[]> {
  const folder = join(dataFolder, 'reports');
  const store = openStore(folder, readOrMakeKeyFile(folder), { now: () => new Date().toISOString() });
  try {
    const { problems } = await store.verifyAudit();
    const [first] = problems;
    if (first) throw lost(`audit trail: ${first.message}`);
    return report ? store.audit(report.id).map(({ action }) => action) : [];
  } finally {
    store.dispose();
  }
}

/** A step that changes the report by one call and one entry of the trail. `isDone` tells a report that has the change. */
function change(
  name: string,
  action: string,
  call: (job: Job) => Promise<Report>,
  isDone: (report: Report, before: Report) => boolean,
): Step {
  return {
    name,
    async run(job) {
      const before = reportOf(job);
      const report = await call(job);
      if (!isDone(report, before)) throw lost(`${name}: answered, and not done`);
      job.report = report;
      job.entries += 1;
    },
    async look(job) {
      const before = reportOf(job);
      const report = await job.engine.call('report.ofStudy', { study: job.study });
      if (!report) throw lost(`${name}: the report is gone`);
      const trail = await checkTrail(job);
      if (isSame(report, before)) {
        if (trail.length !== job.entries) throw lost(`${name}: ${trail.length} entries, not ${job.entries}`);
        return 'undone';
      }
      if (!isDone(report, before)) throw lost(`${name}: half done`);
      if (trail.length !== job.entries + 1 || trail.at(-1) !== action)
        throw lost(`${name}: done, and the trail does not say so`);
      job.report = report;
      job.entries += 1;
      return 'done';
    },
  };
}

const sentenceAt = (report: Report, at: number): Sentence => {
  const sentence = report.sentences[at];
  if (!sentence) throw new Error(`The draft has no sentence ${at}.`);
  return sentence;
};

/** A step on the n-th sentence of the report. */
function onSentence(
  name: 'accept' | 'edit' | 'reject',
  at: number,
  isDone: (sentence: Sentence) => boolean,
  rest: object = {},
): Step {
  return change(
    name,
    name,
    async (job) => {
      const { id, sentences } = reportOf(job);
      const sentence = sentenceAt({ ...reportOf(job), sentences }, at).id;
      return job.engine.call(`report.${name}`, { report: id, sentence, ...rest });
    },
    (report) => isDone(sentenceAt(report, at)),
  );
}

const edited = 'The heart size is at the upper limit of normal.';
const prior = 'Unchanged compared with the prior examination.';
const addendum = 'Discussed with the ward by telephone.';
const openFlags = ({ sentences }: Report) =>
  sentences
    .filter(({ status }) => status !== 'rejected')
    .flatMap((sentence) =>
      sentence.flags.filter(({ resolved }) => !resolved).map(({ code }) => ({ sentence, code })),
    );

/** All open flags, one call each. */
const confirm: Step = {
  name: 'confirm flags',
  async run(job) {
    for (;;) {
      const [first] = openFlags(reportOf(job));
      if (!first) return;
      await confirmOne(first.sentence.id, first.code).run(job);
    }
  },
  async look(job) {
    const [first] = openFlags(reportOf(job));
    if (first) await confirmOne(first.sentence.id, first.code).look(job);
    return openFlags(reportOf(job)).length === 0 ? 'done' : 'undone';
  },
};

const confirmOne = (sentence: string, flag: string): Step =>
  change(
    'confirm flags',
    'confirm',
    (job) => job.engine.call('report.confirm', { report: reportOf(job).id, sentence, flag }),
    (report) =>
      report.sentences.some(
        ({ id, flags }) => id === sentence && flags.some(({ code, resolved }) => code === flag && resolved),
      ),
  );

function exportAs(format: 'text' | 'fhir'): Step {
  const fileOf = ({ folder }: Job) => join(folder, `report.${format === 'text' ? 'txt' : 'json'}`);
  const isWhole = (file: string) => {
    const text = readFileSync(file, 'utf8');
    return format === 'text'
      ? text.includes(addendum) && text.endsWith('\n')
      : typeof JSON.parse(text) === 'object';
  };
  return {
    name: `export ${format}`,
    async run(job) {
      const file = fileOf(job);
      await job.engine.call('report.export', { report: reportOf(job).id, format, file });
      if (!isWhole(file)) throw lost(`export ${format}: the file is not whole`);
      job.entries += 1;
    },
    async look(job) {
      const file = fileOf(job);
      const trail = await checkTrail(job);
      if (trail.length < job.entries || trail.length > job.entries + 1)
        throw lost(`export ${format}: entries of the trail`);
      const entered = trail.length > job.entries;
      job.entries = trail.length;
      if (!existsSync(file)) return 'undone';
      if (!isWhole(file)) throw lost(`export ${format}: half a file`);
      if (!entered) throw lost(`export ${format}: a file that the trail does not know`);
      return 'done';
    },
  };
}

const documentsOf = async ({ engine, dataset }: Job) =>
  engine.call('dataset.documents', { dataset, offset: 0, limit: 100 });

export const steps: readonly Step[] = [
  {
    name: 'open the study',
    async run(job) {
      const { studies } = await job.engine.call('study.open', { paths: [sampleStudy], task: 'open' });
      job.study = studies[0] ?? '';
      if (job.study === '') throw lost('open the study: nothing was opened');
    },
    async look(job) {
      const [row, other] = await job.engine.call('study.list', {});
      if (other) throw lost('open the study: there are two');
      if (!row) return 'undone';
      const study = await job.engine.call('study.get', { study: row.study });
      if (study.series.flatMap(({ instances }) => instances).length !== 2)
        throw lost('open the study: half of it');
      job.study = row.study;
      return 'done';
    },
  },
  {
    name: 'add a dataset',
    async run(job) {
      job.dataset = (await job.engine.call('dataset.add', { title: 'Ward' })).id;
    },
    async look(job) {
      const own = (await job.engine.call('dataset.list', {})).filter(({ kind }) => kind === 'own');
      if (own.length > 1) throw lost('add a dataset: there are two');
      const [one] = own;
      if (!one) return 'undone';
      if (one.title !== 'Ward') throw lost('add a dataset: its title');
      job.dataset = one.id;
      return 'done';
    },
  },
  {
    name: 'import documents',
    async run(job) {
      const request = {
        dataset: job.dataset,
        paths: [join(job.folder, 'import')],
        modality: 'XR',
        task: 'import',
      };
      const { added, unchanged, updated } = await job.engine.call('import.run', request);
      if (added + unchanged + updated !== documents) throw lost('import: not all were read');
      if ((await documentsOf(job)).total !== documents) throw lost('import: not all are there');
    },
    async look(job) {
      const { total, documents: some } = await documentsOf(job);
      if (total > documents) throw lost(`import: ${total} documents of ${documents}`);
      for (const { id } of some.slice(0, 2)) {
        const { sections } = await job.engine.call('dataset.document', {
          dataset: job.dataset,
          document: id,
        });
        if (sections.length === 0) throw lost('import: half a document');
      }
      const interrupted = await job.engine.call('import.interrupted', {});
      if (total < documents && total > 0 && interrupted.length !== 1)
        throw lost('import: begun, and forgotten');
      // Also where all documents are in: the version that ends the import may be missing.
      return total === documents && interrupted.length === 0 ? 'done' : 'undone';
    },
  },
  {
    name: 'draft',
    async run(job) {
      job.report = await job.engine.call('report.draft', { study: job.study, task: 'draft' });
      job.entries = 1;
    },
    async look(job) {
      const report = await job.engine.call('report.ofStudy', { study: job.study });
      if (!report) {
        await checkTrail(job);
        return 'undone';
      }
      job.report = report;
      job.entries = 1;
      const trail = await checkTrail(job);
      if (trail.length !== 1 || trail[0] !== 'draft') throw lost('draft: the trail does not say so');
      return 'done';
    },
  },
  onSentence('accept', 0, ({ status }) => status === 'accepted'),
  onSentence('edit', 1, ({ status, text }) => status === 'edited' && text === edited, { text: edited }),
  onSentence('reject', 2, ({ status }) => status === 'rejected'),
  change(
    'add',
    'add',
    (job) =>
      job.engine.call('report.add', {
        report: reportOf(job).id,
        section: 'impression',
        after: null,
        text: prior,
      }),
    (report, before) =>
      report.sentences.length === before.sentences.length + 1 &&
      report.sentences.some(({ text, status }) => text === prior && status === 'added'),
  ),
  confirm,
  change(
    'preliminary',
    'to-preliminary',
    (job) => job.engine.call('report.toPreliminary', { report: reportOf(job).id }),
    ({ state }) => state === 'preliminary',
  ),
  change(
    'sign',
    'sign',
    (job) => job.engine.call('report.sign', { report: reportOf(job).id, by: 'A. Reader' }),
    ({ state, signedBy }) => state === 'final' && signedBy === 'A. Reader',
  ),
  change(
    'addendum',
    'addendum',
    (job) =>
      job.engine.call('report.addendum', { report: reportOf(job).id, by: 'A. Reader', text: addendum }),
    ({ addenda }) => addenda.length === 1 && addenda[0]?.text === addendum,
  ),
  exportAs('text'),
  exportAs('fhir'),
  {
    name: 'choose an adapter',
    async run(job) {
      await job.engine.call('adapter.use', { pack: 'cxr', adapter: null });
    },
    async look(job) {
      // Looked at in the file, since one that cannot be read would pass for the pack's own choice.
      const file = join(job.dataFolder, 'adapters.json');
      if (!existsSync(file)) return 'undone';
      const choice: unknown = JSON.parse(readFileSync(file, 'utf8'));
      if (!isDeepStrictEqual(Object.values(Object(choice)), [null]))
        throw lost('choose an adapter: half done');
      return 'done';
    },
  },
];

/** Whether a call failed because its engine was killed; anything else is a loss. */
export function isKilled(thrown: unknown): boolean {
  return thrown instanceof WetreadError && thrown.code === 'engine-lost';
}

/** What must hold when the job is done: the report as acknowledged, every entry in the trail, all documents. */
export async function checkJob(job: Job): Promise<void> {
  const report = await job.engine.call('report.ofStudy', { study: job.study });
  if (!report || !isSame(report, reportOf(job))) throw lost('the report at the end');
  const trail = await checkTrail(job);
  if (trail.length !== job.entries) throw lost(`${trail.length} entries at the end, not ${job.entries}`);
  if ((await documentsOf(job)).total !== documents) throw lost('documents at the end');
}
