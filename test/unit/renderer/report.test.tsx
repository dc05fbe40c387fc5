import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { EvidencePanel } from '../../../renderer/evidence/evidence-panel.js';
import { numberCitations } from '../../../renderer/evidence/numbering.js';
import { FlagList } from '../../../renderer/report/flag-list.js';
import { Refusal } from '../../../renderer/report/refusal.js';
import { ReportActions } from '../../../renderer/report/report-actions.js';
import { SentenceRow } from '../../../renderer/report/sentence-row.js';
import { confidenceWord, openFlagCount } from '../../../renderer/session/words.js';
import { citation, report, sentence } from './sample.js';

const nothing = () => {};
const actions = {
  accept: nothing,
  reject: nothing,
  restore: nothing,
  edit: nothing,
  confirm: nothing,
  addAfter: nothing,
  move: nothing,
  follow: nothing,
  hover: nothing,
  focus: nothing,
};
const whole = {
  onPreliminary: nothing,
  onSign: nothing,
  onAddendum: nothing,
  onDraftAgain: nothing,
  onExport: nothing,
};
const flag = { code: 'unsupported', message: 'Nothing bears this out.', resolved: false } as const;

const flagged = report([
  sentence('a', { citations: [citation('s1'), citation('s2')] }),
  sentence('b', { support: 'none', flags: [flag, { ...flag, code: 'side-conflict', resolved: true }] }),
  sentence('c', { status: 'rejected', flags: [flag] }),
  sentence('d', { section: 'impression', citations: [citation('s2'), citation('s3')] }),
]);

describe('citations', () => {
  it('are numbered by first citation, one number a snippet', () => {
    const numbers = [...numberCitations(flagged).values()].map((c) => [c.snippet, c.number]);
    expect(numbers).toEqual([
      ['s1', 1],
      ['s2', 2],
      ['s3', 3],
    ]);
  });
  it('of offers are numbered after those of the sentences, and scores come from the evidence', () => {
    const value = report([sentence('a', { citations: [citation('s1')] })], {
      offers: [
        {
          id: 'o',
          finding: 'nodule',
          name: 'Nodule',
          probability: 0.3,
          text: 'Nodule.',
          citations: [citation('s9')],
          focus: [],
        },
      ],
      evidence: {
        query: '',
        documents: [],
        problems: [],
        snippets: [
          {
            ...citation('s1'),
            id: 's1',
            dataset: 'wetread',
            findings: [],
            cues: [],
            modality: 'XR',
            scores: { text: 0.5, bm25: 0.25 },
          },
        ],
      },
    });
    const cited = numberCitations(value);
    expect(cited.get('s9')?.number).toBe(2);
    expect(cited.get('s1')?.scores).toEqual({ text: 0.5, bm25: 0.25 });
  });
});

describe('a sentence', () => {
  const row = (id: string, readOnly = false) => {
    const found = flagged.sentences.find((s) => s.id === id);
    if (!found) throw new Error(id);
    return renderToStaticMarkup(
      <SentenceRow
        sentence={found}
        cited={numberCitations(flagged)}
        current={false}
        entered={false}
        readOnly={readOnly}
        actions={actions}
        ref={null}
      />,
    );
  };
  it('tells status, support and confidence in words', () => {
    expect(row('a')).toContain('Proposed');
    expect(row('b')).toContain('No support');
    expect(row('a')).toContain('Likely 0.80');
  });
  it('shows its open flag with the way to confirm it, and the resolved one as confirmed', () => {
    const html = row('b');
    expect(html.match(/data-testid="confirm-flag"/g)).toHaveLength(1);
    expect(html).toContain('Confirmed by the radiologist');
  });
  it('with an empty field is filled in, not confirmed', () => {
    const empty = sentence('t', { origin: 'template', flags: [{ ...flag, code: 'incomplete' }] });
    const html = renderToStaticMarkup(
      <FlagList sentence={empty} readOnly={false} tabIndex={0} onConfirm={nothing} onFill={nothing} />,
    );
    expect(html).toContain('fill-in');
    expect(html).not.toContain('confirm-flag');
  });
  it('that is rejected shows no flag', () => {
    expect(row('c')).not.toContain('data-testid="flag"');
  });
  it('of a final report cannot be changed', () => {
    expect(row('a', true)).not.toContain('row-action');
    expect(row('b', true)).not.toContain('confirm-flag');
  });
});

describe('the signature', () => {
  it('counts the open flags of sentences that are not rejected', () => {
    expect(openFlagCount(flagged)).toBe(1);
  });
  it('is held, with its reason, and can still be pressed', () => {
    const html = renderToStaticMarkup(<ReportActions report={flagged} {...whole} />);
    const button = /<button[^>]*data-testid="sign-button"[^>]*>/.exec(html)?.[0] ?? '';
    expect(button).toContain('aria-describedby="open-flags"');
    expect(button).not.toMatch(/ disabled|aria-disabled/);
    expect(html).toContain('1 open flag');
  });
  it('is refused with every flag named', () => {
    const html = renderToStaticMarkup(<Refusal report={flagged} message="1 flag is open." onGo={nothing} />);
    expect(html).toContain('role="alert"');
    expect(html).toContain('Unsupported: Sentence b.');
    expect(html).not.toContain('Sentence c.');
  });
  it('makes place for an addendum once given', () => {
    const html = renderToStaticMarkup(<ReportActions report={{ ...flagged, state: 'final' }} {...whole} />);
    expect(html).not.toContain('sign-button');
    expect(html).toContain('addendum-button');
  });
});

it('the evidence of a sentence names title, source, licence, version and score', () => {
  const cited = numberCitations(flagged);
  const at = (id: string) => flagged.sentences.find((s) => s.id === id);
  const html = renderToStaticMarkup(
    <EvidencePanel report={flagged} cited={cited} sentence={at('d')} followed={{ snippet: 's3', turn: 1 }} />,
  );
  expect(html).not.toContain('Title of s1');
  for (const part of ['[2]', '[3]', 'Title of s3', 'Own words', 'CC BY 4.0', 'version 1.0', 'Score 0.70'])
    expect(html).toContain(part);
  expect(html).toMatch(/aria-current="true"[^>]*data-snippet-id="s3"/);
});

it('a flag list without flags is nothing', () => {
  expect(
    renderToStaticMarkup(
      <FlagList
        sentence={sentence('a')}
        readOnly={false}
        tabIndex={0}
        onConfirm={nothing}
        onFill={nothing}
      />,
    ),
  ).toBe('');
});

it('words for probabilities keep their order', () => {
  expect([0.95, 0.75, 0.5, 0.1].map(confidenceWord)).toEqual([
    'Very likely',
    'Likely',
    'Possible',
    'Unlikely',
  ]);
});
