/** The figures of a measurement as a person reads them in a terminal. */
import type { SystemName } from './drafts.js';
import type { Figure, SystemFigures } from './figures.js';
import type { Metrics } from './metrics.js';

const number = (digits: number) => (value: Figure | undefined) =>
  value === null || value === undefined ? '–' : value.toFixed(digits);
const two = number(2);
const three = number(3);
const whole = number(0);
const percent = (value: Figure | undefined) =>
  value === null || value === undefined ? '–' : `${(100 * value).toFixed(1)} %`;
const withInterval = (
  value: Figure,
  range: [number, number] | null,
  write: (value: Figure | undefined) => string,
) => (range ? `${write(value)} (${write(range[0])}–${write(range[1])})` : write(value));

/** What is shown of a system, one row each. */
const rows: [name: string, cell: (figures: SystemFigures) => string][] = [
  ['F1 abnormal', (f) => withInterval(f.clinical.f1.abnormal.micro, f.intervals.f1Abnormal, three)],
  ['F1 all', (f) => withInterval(f.clinical.f1.all.micro, f.intervals.f1, three)],
  [
    'F1 abnormal, macro',
    (f) => `${three(f.clinical.f1.abnormal.macro)} of ${f.clinical.f1.abnormal.macroFindings}`,
  ],
  [
    'hallucinated sentences',
    (f) => withInterval(f.clinical.hallucination, f.intervals.hallucination, percent),
  ],
  ['  of positive ones', (f) => percent(f.clinical.hallucinationOfPositive)],
  ['omitted findings', (f) => percent(f.clinical.omission)],
  ['  not offered either', (f) => percent(f.clinical.omissionBesideOffers)],
  ['side errors', (f) => `${percent(f.clinical.sideErrors.rate)} of ${f.clinical.sideErrors.sided}`],
  ['invented priors, XXXX', (f) => `${f.clinical.priors}, ${f.clinical.marks}`],
  ['findings AUROC', (f) => (f.auroc ? `${three(f.auroc.mean)} of ${f.auroc.findings}` : '–')],
  ['citation precision', (f) => `${percent(f.citations.precision)} of ${f.citations.citations}`],
  ['  read under its title', (f) => percent(f.citations.precisionWithTitle)],
  ['cited sentences', (f) => percent(f.citations.citedSentences)],
  ['context precision', (f) => percent(f.citations.contextPrecision)],
  [
    'keystrokes saved, clinical',
    (f) => withInterval(f.keystrokesSaved.all.clinical, f.intervals.keystrokesClinical, percent),
  ],
  [
    '  normal studies',
    (f) => withInterval(f.keystrokesSaved.normal.clinical, f.intervals.keystrokesClinicalNormal, percent),
  ],
  [
    'keystrokes saved, verbatim',
    (f) => withInterval(f.keystrokesSaved.all.verbatim, f.intervals.keystrokesVerbatim, percent),
  ],
  ['  normal studies', (f) => percent(f.keystrokesSaved.normal.verbatim)],
  ['BLEU-1, 2, 3', ({ ngrams }) => `${three(ngrams.bleu1)}, ${three(ngrams.bleu2)}, ${three(ngrams.bleu3)}`],
  ['BLEU-4', (f) => withInterval(f.ngrams.bleu4, f.intervals.bleu4, three)],
  ['ROUGE-L', (f) => withInterval(f.ngrams.rougeL, f.intervals.rougeL, three)],
  ['METEOR, exact and stem', (f) => three(f.ngrams.meteor)],
  ['embedding score', (f) => three(f.similarity.embedding)],
  ['negation-aware', (f) => three(f.similarity.negationAware)],
  ['sentences', (f) => number(1)(f.clinical.sentences)],
  ['ms p50, p95', (f) => `${whole(f.latencyMs.p50)}, ${whole(f.latencyMs.p95)}`],
  ['failed, abstained', (f) => `${f.failed}, ${f.abstained}`],
];

/** One table a system set: a row a figure, a column a system; 95 % intervals in parentheses. */
export function tableOf(metrics: Metrics): string {
  const { counts, pack } = metrics;
  const lines = [
    `${counts.studies} studies of the split ${metrics.split}, ${counts.coded} coded, ${counts.abnormal} of them abnormal; ${counts.cases} cases; pack ${pack.id} ${pack.version}`,
  ];
  const systems = Object.entries(metrics.systems) as [
    SystemName,
    { own: SystemFigures; shuffled?: SystemFigures },
  ][];
  lines.push(
    ...grid(
      'own images',
      systems.map(([name, { own }]) => [name, own]),
    ),
  );
  const shuffled = systems.flatMap(([name, figures]): [string, SystemFigures][] =>
    figures.shuffled ? [[name, figures.shuffled]] : [],
  );
  if (shuffled.length > 0) lines.push(...grid("another study's images", shuffled));
  lines.push('');
  for (const { system, against, f1Abnormal, hallucination } of metrics.comparisons)
    lines.push(
      `${system} against ${against}: F1 on abnormal studies × ${withInterval(f1Abnormal.ratio, f1Abnormal.interval, two)}, hallucinated sentences × ${withInterval(hallucination.ratio, hallucination.interval, two)}`,
    );
  lines.push(
    '',
    `The reference reports themselves: F1 ${three(metrics.reference.abnormal.micro)} on abnormal studies, ${three(metrics.reference.all.micro)} on all.`,
  );
  if (metrics.retriever)
    for (const [name, figures] of Object.entries(metrics.retriever))
      lines.push(
        `Nearest cases, ${name}: finding recall@1 ${three(figures.recall.at1)}, @5 ${three(figures.recall.at5)}, @10 ${three(figures.recall.at10)}, MRR ${three(figures.mrr)}, nDCG@10 ${three(figures.ndcgAt10)} (${figures.studies} studies)`,
      );
  lines.push('', 'Plain sentences by threshold: F1 on abnormal studies at hallucinated sentences');
  lines.push(
    metrics.curve
      .map(
        ({ threshold, f1Abnormal, hallucination }) =>
          `${threshold}: ${three(f1Abnormal)} at ${percent(hallucination)}`,
      )
      .join('; '),
  );
  if (metrics.problems.length > 0)
    lines.push('', `${metrics.problems.length} problems, named in metrics.json.`);
  return lines.join('\n');
}

function grid(title: string, systems: [name: string, figures: SystemFigures][]): string[] {
  const table = [
    [title, ...systems.map(([name]) => name)],
    ...rows.map(([name, cell]) => [name, ...systems.map(([, figures]) => cell(figures))]),
  ];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return [
    '',
    ...table.map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  ];
}
