/** The only door to onnxruntime-node: steps see named tensors in, named tensors out. */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { WetreadError } from '../error.js';

// Since 1.29 the runtime's own builds report each session to Microsoft unless this is set before the first one is made.
process.env.ORT_DISABLE_TELEMETRY = '1';

/** A dense tensor, row-major. Float32 is f32, BigInt64 is i64. */
export interface Tensor {
  data: Float32Array | BigInt64Array;
  dims: readonly number[];
}

export interface Model {
  /** Runs the graph. `outputs` limits what is fetched (default: everything). */
  run(inputs: Record<string, Tensor>, outputs?: string[]): Promise<Record<string, Tensor>>;
  readonly inputs: readonly string[];
  dispose(): Promise<void>;
}

export const float = (data: Float32Array, dims: readonly number[]): Tensor => ({ data, dims });

export const int = (values: Iterable<number>, dims: readonly number[]): Tensor => ({
  data: BigInt64Array.from(values, BigInt),
  dims,
});

const options: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 2,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // The arena keeps the largest batch ever seen for good; without it what a run took goes back to the system.
  enableCpuMemArena: false,
  enableMemPattern: false,
  logSeverityLevel: 3,
  // Spinning threads would take the second core from the window while a draft is written.
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

/** Loads a graph. Throws `pack-damaged` where the file is no graph that this runtime can run. */
export async function openModel(file: string, name: string): Promise<Model> {
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(file, options);
  } catch (cause) {
    throw new WetreadError(
      'pack-damaged',
      `${name} of the model pack cannot be loaded. Install the pack again.`,
      { cause },
    );
  }
  return {
    inputs: session.inputNames,
    async run(inputs, outputs) {
      const feeds: Record<string, OrtTensor> = {};
      for (const [key, { data, dims }] of Object.entries(inputs))
        feeds[key] =
          data instanceof Float32Array
            ? new OrtTensor('float32', data, dims)
            : new OrtTensor('int64', data, dims);
      const results = await session.run(feeds, outputs ?? session.outputNames);
      const tensors: Record<string, Tensor> = {};
      for (const [key, value] of Object.entries(results)) {
        const { data, dims } = value as OrtTensor;
        if (!(data instanceof Float32Array || data instanceof BigInt64Array))
          throw new WetreadError(
            'pack-damaged',
            `${name} of the model pack yields ${key} of an unknown type.`,
          );
        tensors[key] = { data, dims };
      }
      return tensors;
    },
    dispose: () => session.release(),
  };
}

/** The f32 output `key`. Throws `pack-damaged` where the graph does not yield it. */
export function floats(tensors: Record<string, Tensor>, key: string): Float32Array {
  const data = tensors[key]?.data;
  if (!(data instanceof Float32Array))
    throw new WetreadError('pack-damaged', `The model pack does not yield ${key}. Install the pack again.`);
  return data;
}
