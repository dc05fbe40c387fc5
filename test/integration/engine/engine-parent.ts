/** A process with a real engine, as a test has one, that is made to be killed: prints when the engine has been started, and when it answers. */
import { join } from 'node:path';
import { RealEngine, sampleStudy } from '../faults/real-engine.js';

const [, , folder = ''] = process.argv;
const engine = new RealEngine({
  dataFolder: join(folder, 'data'),
  // Nothing to build: what is asked of it is only to read.
  documentsFolder: join(folder, 'documents'),
});
engine.process.start();
process.stdout.write('started\n');
await engine.call('study.open', { paths: [sampleStudy], task: 'open' });
process.stdout.write('answers\n');
