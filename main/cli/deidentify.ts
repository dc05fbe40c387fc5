import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DeidentifyOption } from '../../preload/values.js';
import { accountName } from '../account.js';
import { copyOut } from '../copy-out.js';
import { type DeidentifiedFile, siteSecret } from '../deidentify/index.js';
import { WetreadError } from '../error.js';
import { openStore, readOrMakeKeyFile } from '../review/index.js';
import { openSession } from '../session/index.js';
import { dispose, loadStudies } from '../study/index.js';
import type { Command } from './commands.js';
import { dataFolder } from './open-engine.js';

export const deidentifyCommand: Command = {
  usage:
    'deidentify <file|folder>… --out DIR [--option OPTION …] [--box-text] [--json]      copies without what identifies people (PS3.15 Annex E)',
  async run(words) {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        option: { type: 'string', multiple: true, default: [] },
        'box-text': { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const options = values.option
      .flatMap((one) => one.split(','))
      .map((one) => DeidentifyOption.safeParse(one));
    if (positionals.length === 0 || !values.out || options.some(({ success }) => !success))
      throw new WetreadError(
        'bad-input',
        `Name files or folders, a folder to write to by --out, and options among ${DeidentifyOption.options.join(', ')}.`,
      );
    const reports = join(dataFolder, 'reports');
    const key = readOrMakeKeyFile(reports);
    const store = openStore(reports, key, { now: () => new Date().toISOString() });
    try {
      const { users } = store;
      const { who } = openSession({
        ...{ users, systemUser: accountName(), shell: true },
        ...{ clock: Date.now, onChange: () => {} },
      });
      const { studies, problems } = await loadStudies(positionals);
      const instances = studies.flatMap(({ series }) => series.flatMap((one) => one.instances));
      const result = await copyOut(
        instances.map(({ file }) => file),
        {
          folder: values.out,
          options: options.flatMap(({ data }) => data ?? []),
          boxText: values['box-text'],
          secret: siteSecret(key),
        },
        { users, who: who() },
      );
      const all = [...problems, ...result.problems];
      for (const one of result.files)
        process.stdout.write(values.json ? `${JSON.stringify(one)}\n` : `${one.copy}${noteOn(one)}\n`);
      for (const problem of all)
        process.stdout.write(
          values.json
            ? `${JSON.stringify({ file: problem.file, error: problem })}\n`
            : `${problem.file}: ${problem.message} (${problem.code})\n`,
        );
      return all.length > 0 ? 1 : 0;
    } finally {
      store.dispose();
      await dispose();
    }
  },
};

function noteOn({ text }: DeidentifiedFile): string {
  if (text.boxed) return '   (text in the pixels blackened)';
  return text.likely ? '   (LOOK AT IT: likely text in the pixels)' : '';
}
