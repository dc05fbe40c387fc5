/** Records changes of a report in the store of the folder given, one after another, until it is killed; prints how many are stored. */
import { openStore } from '../../../main/review/index.js';
import { sampleReport } from '../../unit/review/sample-report.js';

const [folder, key] = process.argv.slice(2);
if (!folder || !key) throw new Error('usage: endless-writer FOLDER KEY');
const store = openStore(folder, key, { now: () => new Date().toISOString() });
for (let count = 1; ; count++) {
  store.record(sampleReport({ id: `r${count % 7}`, updatedAt: new Date(count).toISOString() }), {
    who: 'writer',
    action: 'edit',
  });
  process.stdout.write(`${count}\n`);
}
