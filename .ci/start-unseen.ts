/** The start without a display: opens and drafts a study in the real window, prints the draft, saves a picture. */
import type { Report, Section } from '../preload/values.js';
import { driveApp } from './drive.js';
import { fromRoot } from './root.js';

const [executable = '', sample = ''] = process.argv.slice(2);
const picture = fromRoot('.cache/wetread.png');
const draftLimitMs = 300_000;

const { app, page, interactiveMs } = await driveApp(executable, fromRoot('.cache/wetread-data'));
try {
  console.log(`The window was there ${(interactiveMs / 1000).toFixed(1)} s after launch.`);
  const told = new Set<string>();
  page.on('console', (message) => {
    const [, label] = message.text().match(/^progress: (.+)$/) ?? [];
    if (label && !told.has(label)) console.log(`${label} …`);
    if (label) told.add(label);
  });
  const drafting = page.evaluate(async (path) => {
    window.wetread.on('progress', ({ label }) => console.debug(`progress: ${label}`));
    try {
      const { studies, problems } = await window.wetread.call('study.open', { paths: [path], task: 'open' });
      const [study] = studies;
      if (!study) return { failure: problems[0]?.message ?? 'There is no study in the sample.' };
      return { report: await window.wetread.call('report.draft', { study, task: 'draft' }) };
    } catch (thrown) {
      // What the bridge refuses with is a plain object, which would cross to here as "[object Object]".
      return { failure: (thrown as { message: string }).message };
    }
  }, sample);
  const late = new Promise<{ failure: string }>((resolve) => {
    setTimeout(() => resolve({ failure: 'The draft took longer than five minutes.' }), draftLimitMs).unref();
  });
  const outcome: { report: Report } | { failure: string } = await Promise.race([drafting, late]);
  if ('report' in outcome) {
    print(outcome.report);
    await page.locator('[data-testid="viewport-0"][data-image-ready="true"]').waitFor();
    await page.getByTestId('sentence').first().waitFor();
  } else {
    console.error(outcome.failure);
    process.exitCode = 1;
  }
  await page.screenshot({ path: picture });
  console.log(`A picture of the window: ${picture}`);
} finally {
  await app.close();
}

function print(report: Report): void {
  const cited = new Map<string, { at: number; line: string }>();
  const numbers = (sentence: Report['sentences'][number]) =>
    sentence.citations.map(({ snippet, title, text, source }) => {
      const known = cited.get(snippet) ?? {
        at: cited.size + 1,
        line: `[${cited.size + 1}] ${title}: “${text}” (${source})`,
      };
      cited.set(snippet, known);
      return `[${known.at}]`;
    });
  const section = (name: Section, title: string) => {
    console.log(`\n${title}`);
    for (const sentence of report.sentences.filter((one) => one.section === name)) {
      const flags = sentence.flags.filter((flag) => !flag.resolved).map((flag) => `  ! ${flag.message}`);
      const support = `(support: ${sentence.support}, ${Math.round(sentence.confidence * 100)} %)`;
      console.log([`  ${[sentence.text, ...numbers(sentence), support].join(' ')}`, ...flags].join('\n  '));
    }
  };
  if (report.abstention) console.log(`\nNo findings were drafted: ${report.abstention.reason}`);
  section('findings', 'FINDINGS');
  section('impression', 'IMPRESSION');
  if (report.offers.length > 0) console.log('\nPLEASE CHECK');
  for (const offer of report.offers)
    console.log(`  ${offer.text} (${Math.round(offer.probability * 100)} %)`);
  console.log('\nEVIDENCE');
  for (const { line } of cited.values()) console.log(`  ${line}`);
  console.log(`\nDrafted in ${(report.timings.totalMs / 1000).toFixed(1)} s with the pack ${report.pack}.`);
}
