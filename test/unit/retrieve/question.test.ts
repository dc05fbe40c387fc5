import { describe, expect, test } from 'vitest';
import { askedOf, coverage, isOfPatient } from '../../../main/retrieve/question.js';

describe('a question', () => {
  test.each([
    'Is there a pneumothorax?',
    'What is his creatinine?',
    'Where is the fracture?',
    'How large is the effusion?',
    'Does the patient smoke?',
    'Has the nodule grown?',
    'What did the last CT show?',
    'Which lobe is the mass in, in this study?',
    'Do you see free air?',
    'Who ordered the examination?',
  ])('is about the patient at hand: %s', (question) => {
    expect(isOfPatient(question)).toBe(true);
  });

  test.each([
    'How large is the normal aortic root?',
    'What mimics a pneumothorax?',
    'Is there a size threshold for a nodule?',
    'When is an effusion called large?',
    'How does the pleura look after surgery?',
    'What are the signs of tension?',
    'Is the lateral view more sensitive for fluid?',
  ])('holds for everyone: %s', (question) => {
    expect(isOfPatient(question)).toBe(false);
  });
});

describe('coverage', () => {
  const of = (question: string, text: string, title = 'Chest') =>
    coverage(askedOf(question), { title, text });

  test('is whole where every word that says something is said, in other words too', () => {
    const { all, needed } = of('How thick is the pleura in effusion?', 'Pleural fluid thickens the pleura.');
    expect(needed).toBe(1);
    expect(all).toBe(1);
  });

  test('needs what the question is about, not the kind of answer', () => {
    expect(of('What is the classification of kyphosis?', 'Kyphosis is a curve.').needed).toBe(1);
    expect(of('Which drug helps in kyphosis?', 'Kyphosis is a curve.').needed).toBeLessThan(0.75);
    expect(of('Which vaccine prevents tuberculosis?', 'Tuberculosis cavitates.').needed).toBeLessThan(0.75);
  });

  test('counts a title less than the sentence', () => {
    const byText = of('What is a sail sign?', 'A sail is seen.', 'Elbow').all;
    const byTitle = of('What is a sail sign?', 'It is seen.', 'The sail').all;
    expect(byTitle).toBeLessThan(byText);
    expect(byTitle).toBeGreaterThan(0);
  });
});
