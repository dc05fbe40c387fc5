import { parseArgs } from 'node:util';
import type { Report, Sentence } from '../../preload/values.js';
import { toWetreadError, WetreadError } from '../error.js';
import type { Command } from './commands.js';
import { withEngine } from './open-engine.js';

export const draftCommand: Command = {
  usage: 'draft <file|folder>… [--json] [--pack P] [--adapter A|none] [--no-retrieval]',
  async run(words) {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        pack: { type: 'string', default: 'cxr' },
        adapter: { type: 'string' },
        'no-retrieval': { type: 'boolean' },
      },
    });
    if (positionals.length === 0)
      throw new WetreadError('bad-input', 'Name at least one file or folder to draft from.');
    if (values.pack !== 'cxr') throw new WetreadError('pack-missing', `There is no pack ${values.pack}.`);
    const adapter = values.adapter === 'none' ? null : values.adapter;

    return withEngine(async (engine) => {
      const { studies, problems } = await engine.open(positionals, 'open');
      for (const { file, message, code } of problems)
        process.stderr.write(`wetread draft: ${file}: ${message} (${code})\n`);
      let failed = studies.length === 0;
      for (const study of studies) {
        try {
          const report = await engine.draft(study, {
            task: 'draft',
            adapter,
            retrieval: !values['no-retrieval'],
          });
          for (const { file, message, code } of report.evidence.problems)
            process.stderr.write(`wetread draft: ${file}: ${message} (${code})\n`);
          process.stdout.write(`${values.json ? JSON.stringify(draftLine(report)) : draftText(report)}\n`);
        } catch (thrown) {
          // One study that cannot be drafted must not cost the others.
          const { code, message } = toWetreadError(thrown);
          process.stderr.write(`wetread draft: study ${study.uid}: ${message} (${code})\n`);
          failed = true;
        }
      }
      return failed ? 1 : 0;
    });
  },
};

/** One line of `wetread draft --json`; its form is stable. */
export function draftLine(report: Report) {
  const of = (section: Sentence['section']) =>
    report.sentences
      .filter((sentence) => sentence.section === section)
      .map(({ text, support, confidence, statements, citations, flags, origin }) => ({
        ...{ text, support, confidence, origin, findings: statements },
        citations: citations.map(({ snippet, document, title, score }) => ({
          snippet,
          document,
          title,
          score,
        })),
        flags: flags.map((flag) => flag.code),
      }));
  const { id, study, modality, bodyPart, pack, adapter, timings, abstention, offers, evidence } = report;
  return {
    ...{ report: id, study, modality, bodyPart },
    findings: of('findings'),
    impression: of('impression'),
    flags: report.sentences.flatMap((sentence) =>
      sentence.flags.map(({ code, message }) => ({ code, message, text: sentence.text })),
    ),
    offers: offers.map(({ finding, probability, text }) => ({ finding, probability, text })),
    ...(abstention && { abstention }),
    evidence: evidence.snippets.map(({ id: snippet, document, title, score }) => ({
      snippet,
      document,
      title,
      score,
    })),
    ...{ pack, adapter, timings },
  };
}

/** The draft as a person reads it in a terminal: sentences with numbered citations, then what they cite. */
export function draftText(report: Report): string {
  const cited = [
    ...new Map(report.sentences.flatMap((s) => s.citations).map((c) => [c.snippet, c])).values(),
  ];
  const line = (sentence: Sentence) => {
    const marks = sentence.citations
      .map(({ snippet }) => `[${cited.findIndex((c) => c.snippet === snippet) + 1}]`)
      .join('');
    const flags = sentence.flags.map((flag) => `\n      ! ${flag.code}: ${flag.message}`).join('');
    return `  - ${sentence.text} ${marks} (${sentence.support}, ${Math.round(sentence.confidence * 100)} %)${flags}`;
  };
  const section = (name: Sentence['section']) => report.sentences.filter((s) => s.section === name).map(line);
  const parts = [
    `Study ${report.study} (${report.modality}${report.bodyPart ? `, ${report.bodyPart}` : ''})`,
  ];
  if (report.abstention) parts.push(`No findings drafted: ${report.abstention.reason}`);
  parts.push('FINDINGS', ...section('findings'), 'IMPRESSION', ...section('impression'));
  if (report.offers.length > 0)
    parts.push(
      'PLEASE CHECK',
      ...report.offers.map((offer) => `  - ${offer.text} (${Math.round(offer.probability * 100)} %)`),
    );
  if (cited.length > 0)
    parts.push('EVIDENCE', ...cited.map((c, i) => `  [${i + 1}] ${c.title}: ${c.text} (${c.source})`));
  parts.push(
    `Draft by ${report.pack}, adapter ${report.adapter ?? 'none'}. Not a medical device; a radiologist signs.`,
  );
  return parts.join('\n');
}
