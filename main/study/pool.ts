import { z } from 'zod';
import { FrameHeader, Instance, Patient, Problem } from '../../preload/values.js';
import { readers, type SubmitOptions, type Task } from '../isolate/index.js';
import type { TaskInput, TaskName, TaskOutput } from './tasks.js';

/*
 * What is read of foreign files in processes of their own. Such a process may have been taken over by the file that it reads, so what it
 * sends is checked like anything foreign.
 */

const study = z.looseObject({ uid: z.string(), patient: Patient });
const series = z.looseObject({ uid: z.string(), modality: z.string() });
const scanned = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('instance'),
    source: z.enum(['dicom', 'image']),
    study,
    series,
    instance: Instance,
    bytes: z.number(),
    problem: Problem.optional(),
  }),
  z.object({ kind: z.literal('dicomdir'), file: z.string(), references: z.array(z.array(z.string())) }),
  z.object({ kind: z.literal('zip'), file: z.string() }),
  z.object({ kind: z.literal('foreign'), file: z.string() }),
  z.object({ kind: z.literal('problem'), problem: Problem }),
]);

const values = { uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, float32: Float32Array };
const frame = FrameHeader.extend({
  data: z.union([
    z.instanceof(Uint8Array),
    z.instanceof(Int16Array),
    z.instanceof(Uint16Array),
    z.instanceof(Float32Array),
  ]),
}).refine(
  ({ rows, columns, kind, type, data }) =>
    data.length === rows * columns * (kind === 'rgb' ? 3 : 1) && data instanceof values[type],
  'The values do not fit their header.',
);

const file = z.string();

/** The tasks of this step, each with what it takes and gives. */
export const tasks: { [N in TaskName]: Task<TaskInput<N>, TaskOutput<N>> } = {
  scan: { name: 'scan', input: z.object({ files: z.array(file) }), output: z.array(scanned) },
  members: { name: 'members', input: z.object({ file }), output: z.array(z.string()) },
  frame: {
    name: 'frame',
    input: z.object({ file, frame: z.number(), minSidePx: z.number().optional() }),
    output: frame,
  },
  describe: {
    name: 'describe',
    input: z.object({ file }),
    output: z.object({
      shape: z.string(),
      range: z.string(),
      sha256: z.string(),
      transferSyntax: z.string(),
    }),
  },
  same: {
    name: 'same',
    input: z.object({ pair: z.tuple([file, file]) }),
    output: z.boolean(),
  },
  report: {
    name: 'report',
    input: z.object({ file }),
    output: z.object({
      uid: z.string().optional(),
      studyUid: z.string().optional(),
      title: z.string(),
      procedure: z.string().optional(),
      modality: z.string().optional(),
      sections: z.array(z.object({ kind: z.string(), text: z.string() })),
      patient: Patient.pick({ sex: true, ageYears: true }),
      known: z.array(z.string()),
      images: z.array(z.string()),
    }),
  },
};

export type TaskOptions = Pick<SubmitOptions, 'signal' | 'timeoutMs' | 'urgent'>;

/**
 * Does a task in a process that reads. Rejects with WetreadError: what the task threw, `timed-out`, `limit-exceeded` (memory),
 * `damaged-file` (the process broke down), `cancelled`, `internal` (none starts).
 */
export function submit<N extends TaskName>(
  name: N,
  input: TaskInput<N>,
  options: TaskOptions = {},
): Promise<TaskOutput<N>> {
  const batch = 'files' in input ? input.files.length : 1;
  return readers.submit(tasks[name], input, {
    ...options,
    ...('file' in input && { file: input.file }),
    // What breaks down over many files is begun again file by file.
    ...(batch > 1 && { attempts: 1 }),
  });
}

/** Starts a reader before it is needed, so that the first picture does not wait for it. */
export function startReader(): void {
  readers.warm();
}

/** Ends the readers and what they do. The next task starts them again. */
export async function dispose(): Promise<void> {
  await readers.dispose();
}
