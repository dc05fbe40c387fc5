/**
 * A process that serves an engine of three calls, to test the wire and the loss of the process: `study.close` ends the
 * process, `task.cancel` never answers, everything else answers with the name of the user it was started for.
 */
import type { Engine, EngineOptions } from '../../../main/engine.js';
import { WetreadError } from '../../../main/error.js';
import { serveEngine } from '../../../main/serve-engine.js';

async function openStub(options: EngineOptions): Promise<Engine> {
  if (options.user === 'nobody') throw new WetreadError('store-damaged', 'The store cannot be opened.');
  await new Promise((resolve) => setTimeout(resolve, 50));
  options.onEvent?.('worklist', {});
  const stub: Pick<Engine, 'call' | 'frame' | 'thumbnail' | 'caseImage' | 'dispose'> = {
    async call(name) {
      if (name === 'study.close') process.exit(7);
      if (name === 'task.cancel') return new Promise(() => {});
      if (name === 'report.sign') throw new WetreadError('flag-open', 'A flag is open.');
      return options.user;
    },
    frame: async (_study, _instance, frame) => new Uint8Array([frame]),
    thumbnail: async () => new Uint8Array([0xff, 0xd8]),
    caseImage: async (_dataset, _document, image) => new Uint8Array([image]),
    dispose: async () => {},
  };
  return stub as Engine;
}

serveEngine(
  {
    postMessage: (message) => process.send?.(message),
    on: (event, listener) => process.on(event, (data) => listener({ data })),
  },
  openStub,
  () => process.exit(0),
);
