import { describe, expect, it } from 'vitest';
import {
  acceptSentence,
  addAddendum,
  addSentence,
  confirmFlag,
  dismissOffer,
  editSentence,
  rejectSentence,
  reportOf,
  restoreSentence,
  sign,
  takeOffer,
  toPreliminary,
} from '../../../main/review/index.js';
import { Report } from '../../../preload/values.js';
import { sampleDraft, sampleReport, sentence } from './sample-report.js';

const at = '2026-01-02T04:00:00.000Z';
const context = {
  now: () => at,
  newId: () => 'new',
  reground: () => ({ statements: [], flags: [] }),
};
const wrongState = expect.objectContaining({ code: 'wrong-state' });

function clean(): Report {
  return rejectSentence(sampleReport(), 'effusion', context);
}

describe('states', () => {
  it('begins with a draft', () => {
    const report = reportOf(sampleDraft(), context);
    expect(Report.parse(report)).toMatchObject({
      id: 'new',
      state: 'draft',
      createdAt: at,
      updatedAt: at,
      addenda: [],
    });
  });

  it('goes from draft over preliminary to final, or straight', () => {
    const preliminary = toPreliminary(clean(), context);
    expect(preliminary.state).toBe('preliminary');
    expect(() => toPreliminary(preliminary, context)).toThrow(wrongState);
    expect(sign(preliminary, ' Dr. Ada Reader ', context)).toMatchObject({
      state: 'final',
      signedBy: 'Dr. Ada Reader',
      signedAt: at,
      updatedAt: at,
    });
    expect(sign(clean(), 'Dr. Ada Reader', context).state).toBe('final');
  });

  it('refuses a signature while a flag is open, naming the sentence', () => {
    const refusal = expect.objectContaining({
      code: 'flag-open',
      message: expect.stringContaining('There is a small left pleural effusion.'),
    });
    expect(() => sign(sampleReport(), 'Dr. Ada Reader', context)).toThrow(refusal);
    expect(() => sign(toPreliminary(sampleReport(), context), 'Dr. Ada Reader', context)).toThrow(refusal);
    const accepted = acceptSentence(sampleReport(), 'effusion', context);
    expect(() => sign(accepted, 'Dr. Ada Reader', context)).toThrow(refusal);
    const confirmed = confirmFlag(sampleReport(), 'effusion', 'unsupported', context);
    expect(sign(confirmed, 'Dr. Ada Reader', context).state).toBe('final');
  });

  it('refuses a signature while a field is empty, flagged or not', () => {
    for (const text of ['Bones: ____', 'Bones:', 'Bones: [normal or not].']) {
      const report = sampleReport({ sentences: [sentence('bones', { origin: 'template', text })] });
      expect(() => sign(report, 'Dr. Ada Reader', context)).toThrow(
        expect.objectContaining({ code: 'flag-open', message: expect.stringContaining('incomplete') }),
      );
    }
  });

  it('refuses a signature without a name or without a sentence', () => {
    const badInput = expect.objectContaining({ code: 'bad-input' });
    expect(() => sign(clean(), '  ', context)).toThrow(badInput);
    const empty = sampleReport({ sentences: [sentence('a', { status: 'rejected' })] });
    expect(() => sign(empty, 'Dr. Ada Reader', context)).toThrow(badInput);
  });

  it('keeps a final report as it was signed, addenda apart', () => {
    const final = sign(clean(), 'Dr. Ada Reader', context);
    const attempts = [
      () => acceptSentence(final, 'heart', context),
      () => editSentence(final, 'heart', 'Other.', context),
      () => rejectSentence(final, 'heart', context),
      () => restoreSentence(final, 'heart', context),
      () => addSentence(final, { section: 'findings', after: null, text: 'More.' }, context),
      () => confirmFlag(final, 'effusion', 'unsupported', context),
      () => takeOffer(final, 'offer-atelectasis', context),
      () => dismissOffer(final, 'offer-atelectasis', context),
      () => toPreliminary(final, context),
      () => sign(final, 'Dr. Other', context),
    ];
    for (const attempt of attempts) expect(attempt).toThrow(wrongState);

    const once = addAddendum(final, 'Dr. Ada Reader', ' Compared since. ', context);
    const twice = addAddendum(once, 'Dr. Other', 'Agreed.', context);
    expect(twice).toEqual({
      ...final,
      addenda: [
        { text: 'Compared since.', by: 'Dr. Ada Reader', at },
        { text: 'Agreed.', by: 'Dr. Other', at },
      ],
    });
    expect(() => addAddendum(clean(), 'Dr. Ada Reader', 'Too early.', context)).toThrow(wrongState);
  });
});
