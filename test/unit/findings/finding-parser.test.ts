import { describe, expect, it } from 'vitest';
import { parseFindings } from '../../../main/findings/finding-parser.js';

/** `finding:state[:side]` of each statement, in order. */
const read = (text: string) =>
  parseFindings(text).map(({ finding, state, side }) => [finding, state, side].filter(Boolean).join(':'));

describe('parseFindings', () => {
  it.each([
    ['The heart is enlarged.', ['cardiomegaly:present']],
    ['Mild cardiomegaly.', ['cardiomegaly:present']],
    // The bones alone: it does not speak of the lungs.
    ['No acute bony abnormality.', ['rib_fracture:absent', 'vertebral_compression:absent']],
    ['The cardiac silhouette is mildly enlarged', ['cardiomegaly:present']],
    ['There is borderline cardiomegaly.', ['cardiomegaly:present']],
    ['Heart size is not enlarged.', ['cardiomegaly:absent']],
    ['Heart size is at the upper limits of normal.', ['cardiomegaly:absent']],
    ['The heart is normal in size.', ['cardiomegaly:absent']],
    ['Small left pleural effusion.', ['pleural_effusion:present:left']],
    ['There are bilateral pleural effusions.', ['pleural_effusion:present:bilateral']],
    ['Blunting of the right costophrenic angle.', ['costophrenic_blunting:present:right']],
    ['Low lung volumes.', ['low_lung_volumes:present']],
    ['The lungs are hypoinflated.', ['low_lung_volumes:present']],
    ['The lungs are hyperexpanded with flattened diaphragms.', ['hyperinflation:present']],
    ['Degenerative changes of the thoracic spine.', ['spine_degeneration:present']],
    ['Small T-spine osteophytes are noted.', ['spine_degeneration:present']],
    ['Degenerative changes of the left shoulder.', []],
    ['Calcified granuloma in the left lower lobe.', ['calcified_granuloma:present:left']],
    ['Biapical scarring.', ['scarring:present:bilateral']],
    ['The thoracic aorta is tortuous.', ['aortic_tortuosity:present']],
    ['Left-sided PICC with tip in the SVC.', ['catheter:present:left']],
    ['Median sternotomy wires and CABG clips.', ['surgical_material:present']],
    ['Dual-lead pacemaker.', ['implanted_device:present']],
    ['Old healed right rib fractures.', ['rib_fracture:present:right']],
    ['Wedge compression fracture of T8.', ['vertebral_compression:present']],
    ['Elevation of the right hemidiaphragm.', ['elevated_diaphragm:present:right']],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    [
      'No pneumothorax, pleural effusion or focal consolidation.',
      ['pleural_effusion', 'pneumothorax', 'airspace_disease'],
    ],
    ['There is no evidence of pneumothorax.', ['pneumothorax']],
    ['Negative for pneumothorax.', ['pneumothorax']],
    [
      'The lungs are clear of focal airspace disease, pneumothorax, or pleural effusion.',
      ['airspace_disease', 'pneumothorax', 'pleural_effusion'],
    ],
    ['The lungs are free of infiltrate.', ['airspace_disease']],
    ['Pleural effusion is not seen.', ['pleural_effusion']],
    ['The effusion has resolved.', ['pleural_effusion']],
    ['Pneumonia is unlikely.', ['airspace_disease']],
    ['No pleural effusion is identified.', ['pleural_effusion']],
    ['Without pulmonary edema.', ['pulmonary_edema']],
    ['There is no longer a pneumothorax.', ['pneumothorax']],
    ['The left costophrenic angle is not blunted.', ['costophrenic_blunting']],
    ['Interval resolution of the right pneumothorax.', ['pneumothorax']],
    ['Pleura: no effusion.', ['pleural_effusion']],
    [
      'Osseous structures of the thorax are without acute abnormality.',
      ['rib_fracture', 'vertebral_compression'],
    ],
    ['Neither pneumothorax nor effusion is seen.', ['pneumothorax', 'pleural_effusion']],
    [
      'No focal consolidation, large effusion, or pneumothorax.',
      ['airspace_disease', 'pleural_effusion', 'pneumothorax'],
    ],
  ])('negates: %s', (text, findings) => {
    const statements = parseFindings(text);
    expect(new Set(statements.map((s) => s.finding))).toEqual(new Set(findings));
    expect(statements.every((s) => s.state === 'absent')).toBe(true);
  });

  it.each([
    [
      'No pneumothorax, but there is a small right pleural effusion.',
      ['pleural_effusion:present:right', 'pneumothorax:absent'],
    ],
    ['No effusion; mild cardiomegaly.', ['pleural_effusion:absent', 'cardiomegaly:present']],
    ['Cardiomegaly without pulmonary edema.', ['cardiomegaly:present', 'pulmonary_edema:absent']],
    ['No acute disease other than a left pleural effusion.', ['pleural_effusion:present:left']],
    ['The lungs are clear and the heart is enlarged.', ['cardiomegaly:present', 'opacity:absent']],
    ['No change in the right pleural effusion.', ['pleural_effusion:present:right']],
    ['Pleural effusion is no longer seen.', ['pleural_effusion:absent']],
    ['Emphysema without focal consolidation.', ['emphysema:present', 'airspace_disease:absent']],
  ])('ends the scope: %s', (text, expected) => {
    expect(read(text)).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    ['Possible left lower lobe pneumonia.', 'airspace_disease'],
    ['Findings may represent pneumonia.', 'airspace_disease'],
    ['A small pneumothorax cannot be excluded.', 'pneumothorax'],
    ['Questionable nodule in the right apex.', 'nodule'],
    ['Atelectasis versus infiltrate.', 'atelectasis'],
    ['Concerning for pulmonary edema.', 'pulmonary_edema'],
    ['Cannot exclude a small effusion.', 'pleural_effusion'],
    ['A fracture is not entirely excluded.', 'rib_fracture'],
  ])('hedges: %s', (text, finding) => {
    expect(parseFindings(text).find((s) => s.finding === finding)?.state).toBe('uncertain');
  });

  it('reads the side from the part of the enumeration that names the finding', () => {
    expect(read('Right pleural effusion and left basilar atelectasis.').sort()).toEqual([
      'atelectasis:present:left',
      'pleural_effusion:present:right',
    ]);
  });

  it('keeps the side of a denial that names it', () => {
    expect(read('No left pleural effusion.')).toEqual(['pleural_effusion:absent:left']);
    expect(read('No pneumothorax, small left effusion.')).toContain('pneumothorax:absent');
  });

  it('gives no side to findings that have none', () => {
    expect(read('Low lung volumes and left atelectasis.')).toContain('low_lung_volumes:present');
  });

  it('takes both sides for bilateral', () => {
    expect(read('Pleural effusions, right greater than left.')).toEqual([
      'pleural_effusion:present:bilateral',
    ]);
  });

  it('takes no side from organs and projections', () => {
    expect(read('A nodule is seen on the left lateral view.')).toEqual(['nodule:present']);
    expect(read('The catheter tip is in the right atrium.')).toEqual(['catheter:present']);
  });

  it('reads normal statements as the absence of what they exclude', () => {
    const lungs = parseFindings('The lungs are clear.');
    expect(lungs.every((s) => s.state === 'absent')).toBe(true);
    expect(lungs.map((s) => s.finding)).toEqual(
      expect.arrayContaining(['opacity', 'airspace_disease', 'atelectasis']),
    );
    expect(parseFindings('No acute cardiopulmonary abnormality.').map((s) => s.finding)).toEqual(
      expect.arrayContaining(['pneumothorax', 'pleural_effusion']),
    );
  });

  it('keeps one clear lung apart from the other', () => {
    expect(read('The right lung is clear.')).toContain('opacity:absent:right');
    expect(read('Lungs: clear.')).toContain('opacity:absent');
  });

  it('does not take "otherwise clear" for clear', () => {
    expect(parseFindings('The lungs are otherwise clear.').filter((s) => s.state === 'absent')).toEqual([]);
  });

  it('ignores what is asked, recommended or history', () => {
    expect(parseFindings('History of pneumonia.')).toEqual([]);
    expect(parseFindings('CT is recommended to exclude a nodule.')).toEqual([]);
  });

  it('names the site', () => {
    expect(parseFindings('Opacity in the right lower lobe.')[0]).toEqual({
      finding: 'opacity',
      state: 'present',
      side: 'right',
      site: 'lower lobe',
    });
  });

  it('reads every sentence of a report, numbered ones too', () => {
    const report = '1. Cardiomegaly. 2. No pneumothorax.\nThe nodule measures 1.5 cm.';
    expect(read(report)).toEqual(['cardiomegaly:present', 'pneumothorax:absent', 'nodule:present']);
  });

  it('yields nothing for text without findings', () => {
    expect(parseFindings('')).toEqual([]);
    expect(parseFindings('The trachea is midline.')).toEqual([]);
  });

  it('is quick on hostile text', () => {
    // The processor's time, since other work may share the machine.
    const start = process.cpuUsage();
    parseFindings(`${'no heart '.repeat(400)}${'a '.repeat(800)}opacity`);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(500);
  });
});
