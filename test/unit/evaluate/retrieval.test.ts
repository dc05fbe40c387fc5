import { describe, expect, it } from 'vitest';
import { caseDocument } from '../../../main/evaluate/retrieval/case-document.js';
import { gradeBetween, MedpixCase, medpixTask } from '../../../main/evaluate/retrieval/medpix.js';
import { applies, methods } from '../../../main/evaluate/retrieval/methods.js';
import { outcomeOf } from '../../../main/evaluate/retrieval/questions.js';
import { codesOf } from '../../../main/evaluate/retrieval/radiographs.js';
import { differenceOf, figuresOf, meanOf } from '../../../main/evaluate/retrieval/ranked.js';

describe('figures of a ranking', () => {
  const wanted = {
    gains: new Map([
      ['a', 7],
      ['b', 3],
      ['c', 1],
    ]),
    relevant: new Set(['a', 'b']),
  };

  it('is 1 everywhere for the best ranking', () => {
    const figures = figuresOf(['a', 'b', 'c', 'x'], wanted);
    expect(figures).toMatchObject({ 'recall@1': 1, 'recall@5': 1, MRR: 1, precision: 1 });
    expect(figures['nDCG@10']).toBeCloseTo(1);
  });

  it('counts by rank what comes late', () => {
    const figures = figuresOf(['x', 'b', 'y', 'a'], wanted);
    expect(figures['recall@1']).toBe(0);
    expect(figures['recall@5']).toBe(1);
    expect(figures.MRR).toBe(1 / 2);
    // Precision is 1/2 at rank 2 and 2/4 at rank 4.
    expect(figures.precision).toBe(0.5);
    const ideal = 7 + 3 / Math.log2(3) + 1 / 2;
    expect(figures['nDCG@10']).toBeCloseTo((3 / Math.log2(3) + 7 / Math.log2(5)) / ideal);
  });

  it('sees nothing beyond rank 10, and knows no recall where nothing is relevant', () => {
    const late = [...Array.from({ length: 10 }, (_, i) => `x${i}`), 'a', 'b', 'c'];
    expect(figuresOf(late, wanted)).toMatchObject({ 'recall@10': 0, MRR: 0, 'nDCG@10': 0, precision: 0 });
    const none = figuresOf(['a'], { gains: new Map([['a', 1]]), relevant: new Set() });
    expect(none).toMatchObject({
      'recall@10': undefined,
      MRR: undefined,
      precision: undefined,
      'nDCG@10': 1,
    });
  });

  it('takes recall of what could be found within k', () => {
    const many = new Map(Array.from({ length: 30 }, (_, i) => [`r${i}`, 1]));
    const figures = figuresOf(['r1', 'x', 'r2', 'r3', 'y'], { gains: many, relevant: new Set(many.keys()) });
    expect(figures['recall@5']).toBe(3 / 5);
  });
});

describe('means', () => {
  it('have an interval around them, and none of a single query', () => {
    const mean = meanOf([0, 1, 1, undefined, 0, 1]);
    expect(mean.queries).toBe(5);
    expect(mean.value).toBeCloseTo(0.6);
    const [low, high] = mean.interval ?? [1, 0];
    expect(low).toBeLessThan(0.6);
    expect(high).toBeGreaterThan(0.6);
    expect(meanOf([1]).interval).toBeNull();
    expect(meanOf([]).value).toBeNull();
  });

  it('of paired differences leave out what one of the two does not know', () => {
    const difference = differenceOf([0.5, 0.7, undefined, 0.9], [0.4, 0.6, 0.1, undefined]);
    expect(difference.queries).toBe(2);
    expect(difference.value).toBeCloseTo(0.1);
    // The pairs differ by the same: drawn with replacement they still do.
    expect(difference.interval?.map((end) => end.toFixed(6))).toEqual(['0.100000', '0.100000']);
  });
});

const medpixCase = (id: string, over: Record<string, unknown> = {}) =>
  MedpixCase.parse({
    ...{
      id,
      split: 'train',
      title: id,
      history: 'Headache.',
      exam: 'N/A',
      findings: 'A mass.',
      diagnosis: id,
    },
    images: [{ file: `${id}.jpg`, modality: 'CT', caption: 'A mass.', location: 'Brain and Neuro' }],
    ...over,
  });

describe('MedPix relevance', () => {
  const query = medpixCase('Meningioma of the falx', { topic: 'Meningioma', category: 'Neoplasm, benign' });
  const grade = (other: MedpixCase) => gradeBetween(query, other, 'CT');

  it('is highest for the same diagnosis, whatever its order and number', () => {
    expect(grade(medpixCase('Falx meningiomas'))).toBe(3);
    expect(
      grade(medpixCase('Meningioma of the left optic nerve sheath, suspected', { topic: 'Meningiomas' })),
    ).toBe(2);
  });

  it('is lowest for the same kind of disease in the same organ system, and none elsewhere', () => {
    expect(grade(medpixCase('Hamartoma', { category: 'Neoplasm, benign' }))).toBe(1);
    const elsewhere = { file: 'a.jpg', modality: 'CT', caption: '', location: 'Gastrointestinal' };
    expect(grade(medpixCase('Lipoma', { category: 'Neoplasm, benign', images: [elsewhere] }))).toBe(0);
    expect(grade(medpixCase('Glioma', { category: 'Neoplasm, glial' }))).toBe(0);
  });

  it('gives a query what is known before the reading, and neither diagnosis nor findings', () => {
    const vector = new Float32Array(256).fill(1 / 16);
    const { queries } = medpixTask([query], [medpixCase('Falx meningiomas')], 'CT', () => vector);
    expect(queries[0]?.inputs.image).toMatchObject({ text: '', pictures: [vector] });
    expect(queries[0]?.inputs.both?.text).toBe('Headache.');
    expect(queries[0]?.inputs['both with findings']?.text).toBe('Headache. A mass.');
    expect(queries[0]?.gains).toEqual(new Map([['falx meningiomas-ct', 7]]));
    expect(medpixTask([query], [], 'MR', () => vector).queries).toHaveLength(0);
  });
});

it('asks by a way only where the query has something for it', () => {
  const names = (input: Parameters<typeof applies>[1]) =>
    methods.filter((method) => applies(method, input)).map(({ name }) => name);
  const image = names({ text: '', findings: [], pictures: [new Float32Array(256)] });
  expect(image).toContain('image to image');
  expect(image).toContain('hybrid, hierarchical');
  expect(image).not.toContain('BM25');
  expect(names({ text: 'cough', findings: [] })).not.toContain('image to image');
});

it('stores a case as its sentences, once each, with what they state', () => {
  const document = caseDocument(
    {
      ...{ id: 'a', title: 'A', modality: 'XR', bodyRegion: 'chest' },
      sections: [
        { kind: 'history', text: 'Chest pain.' },
        { kind: 'findings', text: 'There is cardiomegaly. No pleural effusion. There is cardiomegaly.' },
      ],
    },
    [{ view: 'frontal', vector: new Float32Array(256) }],
  );
  expect(document.snippets.map(({ polarity }) => polarity)).toEqual([undefined, 'present', 'absent']);
  expect(document.present).toEqual(['cardiomegaly']);
  expect(document.images).toHaveLength(1);
  expect(document.contentHash).toMatch(/^[0-9a-f]{64}$/);
});

it('judges an answer by the documents it cites', () => {
  const answerable = { documents: ['a', 'b'] };
  expect(outcomeOf(answerable, [{ document: 'x' }, { document: 'b' }])).toBe('right');
  expect(outcomeOf(answerable, [{ document: 'x' }])).toBe('wrong');
  expect(outcomeOf(answerable, [])).toBe('abstained');
  expect(outcomeOf({ documents: [] }, [{ document: 'x' }])).toBe('wrong');
});

it('reads the coding of a radiograph, and knows the uncoded from the normal', () => {
  const study = { uid: '1', split: 'val', images: [], indication: '', findings: '', impression: '' };
  expect(codesOf({ ...study, mesh: [] }).size).toBe(0);
  expect([...codesOf({ ...study, mesh: ['normal'] })]).toEqual(['normal']);
});
