import { describe, expect, it } from 'vitest';
import {
  acceptSentence,
  addSentence,
  confirmFlag,
  dismissOffer,
  editSentence,
  type Grounding,
  openFlags,
  type ReviewContext,
  rejectSentence,
  restoreSentence,
  takeOffer,
} from '../../../main/review/index.js';
import { Report } from '../../../preload/values.js';
import { effusionCitation, sampleReport, sentence } from './sample-report.js';

const later = '2026-01-02T04:00:00.000Z';

function contextOf(grounding: Partial<Grounding> = {}): ReviewContext {
  return {
    now: () => later,
    newId: () => 'new',
    reground: () => ({ statements: [], flags: [], ...grounding }),
  };
}

function find(report: Report, id: string) {
  const found = report.sentences.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

const flag = (code: Report['sentences'][number]['flags'][number]['code']) => ({
  code,
  message: `It is ${code}.`,
  resolved: false,
});

describe('acceptSentence', () => {
  it('accepts, dates the report, leaves flags open and the given report untouched', () => {
    const before = sampleReport();
    const copy = structuredClone(before);
    const after = acceptSentence(before, 'effusion', contextOf());
    expect(find(after, 'effusion').status).toBe('accepted');
    expect(after.updatedAt).toBe(later);
    expect(openFlags(after).map((open) => open.sentence)).toEqual(['effusion']);
    expect(before).toEqual(copy);
  });

  it('keeps an edited sentence marked as edited', () => {
    const edited = editSentence(sampleReport(), 'heart', 'The heart is large.', contextOf());
    expect(find(acceptSentence(edited, 'heart', contextOf()), 'heart').status).toBe('edited');
  });

  it('refuses a sentence that is not there', () => {
    expect(() => acceptSentence(sampleReport(), 'gone', contextOf())).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});

describe('editSentence', () => {
  const statements = [{ finding: 'pleural_effusion', state: 'present', side: 'right' } as const];

  it('keeps the first text over two edits, clears unsupported, keeps conflicts and checks the new text', () => {
    const context: ReviewContext = {
      ...contextOf(),
      reground: (text, _report, edited) => {
        expect(edited.id).toBe('effusion');
        return {
          statements: text.includes('right') ? statements : [],
          flags: [flag('unsupported'), flag('side-conflict'), flag('invented-prior')],
        };
      },
    };
    const once = editSentence(sampleReport(), 'effusion', '  A right pleural effusion. ', context);
    const twice = editSentence(once, 'effusion', 'A large right pleural effusion.', context);
    expect(find(twice, 'effusion')).toMatchObject({
      text: 'A large right pleural effusion.',
      original: 'There is a small left pleural effusion.',
      origin: 'model',
      status: 'edited',
      confidence: 1,
      statements,
    });
    expect(find(twice, 'effusion').flags.map(({ code }) => code)).toEqual([
      'side-conflict',
      'invented-prior',
    ]);
  });

  it('keeps citations while the sentence states the same and drops them when it does not', () => {
    const report = sampleReport();
    const { statements: same } = find(report, 'effusion');
    const reworded = editSentence(
      report,
      'effusion',
      'Small effusion on the left.',
      contextOf({ statements: same }),
    );
    expect(find(reworded, 'effusion')).toMatchObject({
      support: 'both',
      citations: [{ document: 'xr-effusion' }],
    });
    const other = editSentence(report, 'effusion', 'A right pleural effusion.', contextOf({ statements }));
    expect(find(other, 'effusion')).toMatchObject({ support: 'none', citations: [], focus: [] });
  });

  it('keeps a conflict with the image while the sentence states the same, confirmed or not, and adds new ones', () => {
    const claim = [{ finding: 'nodule', state: 'present', side: 'left' } as const];
    const resolved = { ...flag('contradiction'), resolved: true };
    const report = sampleReport({
      sentences: [
        sentence('a', { statements: claim, flags: [flag('side-conflict'), resolved, flag('unsupported')] }),
      ],
    });
    const again = {
      statements: claim,
      flags: [flag('contradiction'), flag('invented-prior')],
      citations: [],
    };
    const reworded = editSentence(report, 'a', 'A nodule, left.', contextOf(again));
    expect(find(reworded, 'a').flags).toEqual([flag('side-conflict'), resolved, flag('invented-prior')]);
    const other = editSentence(report, 'a', 'A right nodule.', contextOf({ statements }));
    expect(find(other, 'a').flags).toEqual([]);
  });

  it('keeps nothing behind a text in which no finding is understood', () => {
    const report = sampleReport({ sentences: [sentence('a', { citations: [effusionCitation] })] });
    const edited = editSentence(report, 'a', 'Something else.', contextOf());
    expect(find(edited, 'a')).toMatchObject({ support: 'none', citations: [] });
  });

  it('takes the support that grounding found', () => {
    const edited = editSentence(
      sampleReport(),
      'effusion',
      'A right effusion.',
      contextOf({ statements, support: 'image' }),
    );
    expect(find(edited, 'effusion').support).toBe('image');
  });

  it('fills in a template field only when no blank is left', () => {
    const report = sampleReport({
      sentences: [
        sentence('bones', { origin: 'template', text: 'Bones: ____', flags: [flag('incomplete')] }),
      ],
    });
    const half = editSentence(report, 'bones', 'Bones: ____ of the left hand.', contextOf());
    expect(openFlags(half).map((open) => open.flag.code)).toEqual(['incomplete']);
    const filled = editSentence(half, 'bones', 'Bones: normal.', contextOf());
    expect(openFlags(filled)).toEqual([]);
  });

  it('changes nothing when the text is the same, and refuses an empty one', () => {
    const report = sampleReport();
    expect(editSentence(report, 'heart', find(report, 'heart').text, contextOf())).toBe(report);
    expect(() => editSentence(report, 'heart', '  ', contextOf())).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    );
  });
});

describe('rejectSentence and restoreSentence', () => {
  it('takes a rejected sentence out of the open flags and brings it back', () => {
    const report = sampleReport();
    const rejected = rejectSentence(report, 'effusion', contextOf());
    expect(openFlags(rejected)).toEqual([]);
    const restored = restoreSentence(rejected, 'effusion', contextOf());
    expect(find(restored, 'effusion')).toEqual(find(report, 'effusion'));
  });

  it('brings an edited sentence back exactly as it was drafted, with a confirmed flag open again', () => {
    const report = sampleReport();
    const confirmed = confirmFlag(report, 'effusion', 'unsupported', contextOf());
    const edited = editSentence(confirmed, 'effusion', 'Nothing there.', contextOf());
    const rejected = rejectSentence(edited, 'effusion', contextOf());
    const restored = restoreSentence(rejected, 'effusion', contextOf());
    expect(find(restored, 'effusion')).toEqual(find(report, 'effusion'));
  });

  it('brings a sentence of the radiologist back as added', () => {
    const added = addSentence(
      sampleReport(),
      { section: 'findings', after: null, text: 'Mine.' },
      contextOf(),
    );
    const restored = restoreSentence(rejectSentence(added, 'new', contextOf()), 'new', contextOf());
    expect(find(restored, 'new').status).toBe('added');
  });
});

describe('addSentence', () => {
  const ids = (report: Report) => report.sentences.map(({ id }) => id);
  const added = (section: 'findings' | 'impression', after: string | null, report = sampleReport()) =>
    addSentence(report, { section, after, text: 'Mine.' }, contextOf());

  it('adds after a sentence, at the head of a section, and into an empty section', () => {
    expect(ids(added('findings', 'heart'))).toEqual(['heart', 'new', 'effusion', 'impression']);
    expect(ids(added('findings', null))).toEqual(['new', 'heart', 'effusion', 'impression']);
    expect(ids(added('impression', null))).toEqual(['heart', 'effusion', 'new', 'impression']);
    expect(ids(added('impression', null, sampleReport({ sentences: [sentence('heart')] })))).toEqual([
      'heart',
      'new',
    ]);
    expect(() => added('findings', 'impression')).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('is the radiologist’s own, and still flagged for a conflict', () => {
    const grounding = { flags: [flag('unsupported'), flag('contradiction')] };
    const report = addSentence(
      sampleReport(),
      { section: 'findings', after: null, text: 'Mine.' },
      contextOf(grounding),
    );
    expect(find(report, 'new')).toMatchObject({
      origin: 'human',
      status: 'added',
      confidence: 1,
      support: 'none',
    });
    expect(find(report, 'new').flags.map(({ code }) => code)).toEqual(['contradiction']);
    const edited = editSentence(report, 'new', 'Mine again.', contextOf());
    expect(find(edited, 'new')).toMatchObject({ status: 'added', text: 'Mine again.' });
    expect(find(edited, 'new').original).toBeUndefined();
  });
});

describe('confirmFlag', () => {
  it('resolves the flag of that code only', () => {
    const flags = [flag('unsupported'), flag('side-conflict')];
    const report = sampleReport({ sentences: [sentence('a', { flags })] });
    const confirmed = confirmFlag(report, 'a', 'side-conflict', contextOf());
    expect(openFlags(confirmed).map((open) => open.flag.code)).toEqual(['unsupported']);
    expect(() => confirmFlag(report, 'a', 'contradiction', contextOf())).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('never confirms an empty field', () => {
    const resolved = { ...flag('incomplete'), resolved: true };
    const report = sampleReport({ sentences: [sentence('a', { flags: [resolved] })] });
    expect(() => confirmFlag(report, 'a', 'incomplete', contextOf())).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    );
    expect(openFlags(report)).toHaveLength(1);
  });
});

describe('offers', () => {
  it('takes an offer into the findings, checked against the others, and off the offers', () => {
    const context = contextOf({ flags: [flag('unsupported'), flag('contradiction')] });
    const report = takeOffer(sampleReport(), 'offer-atelectasis', context);
    expect(report.offers).toEqual([]);
    expect(report.sentences.map(({ id }) => id)).toEqual(['heart', 'effusion', 'new', 'impression']);
    expect(find(report, 'new')).toMatchObject({
      origin: 'offer',
      status: 'accepted',
      support: 'image',
      confidence: 0.4,
      statements: [{ finding: 'atelectasis', state: 'present', side: 'left' }],
      flags: [{ code: 'contradiction' }],
    });
    expect(Report.parse(report)).toEqual(report);
    expect(() => takeOffer(report, 'offer-atelectasis', context)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('dismisses an offer', () => {
    const report = dismissOffer(sampleReport(), 'offer-atelectasis', contextOf());
    expect(report.offers).toEqual([]);
    expect(report.sentences).toEqual(sampleReport().sentences);
  });
});
