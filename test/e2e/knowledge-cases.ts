/** A department's earlier cases, made up here: reports in text with images drawn from the synthetic sample, and a table. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { fromRoot } from '../../.ci/root.js';
import { decodeFrame, dispose, renderGrey } from '../../main/study/index.js';

interface OwnCase {
  name: string;
  report: string;
  /** Drawn from this view of the sample; without it the case has no image. */
  from?: 'pa' | 'lateral';
  /** Multiplies the grey levels and mirrors, so that no two images are the same. */
  contrast: number;
  mirrored: boolean;
}

/** Details that an import has to remove; none of them may be found in what is stored. */
export const personal = ['Roe', 'Miller', '12.03.1958', 'Lakeside Hospital'];

const cases: OwnCase[] = [
  {
    name: 'effusion',
    from: 'pa',
    contrast: 0.9,
    mirrored: false,
    report: `Patient: Jane Roe, born 12.03.1958
Referred by Dr. Miller, Lakeside Hospital

Exam: Chest radiograph, two views
History: 68-year-old woman with cough and fever for four days.

Findings: The heart is normal in size. There is a small left pleural effusion with a quillback shadow along the lateral chest wall. The right lung is clear. There is no pneumothorax. The mediastinal contours are normal.

Impression: Small left pleural effusion with a quillback shadow. Discussed with Dr. Miller.
`,
  },
  {
    name: 'normal',
    from: 'pa',
    contrast: 1.1,
    mirrored: true,
    report: `Exam: Chest radiograph, one view
History: 45-year-old man before surgery.

Findings: The lungs are clear. The heart is normal in size. There is no pleural effusion and no pneumothorax.

Impression: No acute disease of the chest.
`,
  },
  {
    name: 'lateral',
    from: 'lateral',
    contrast: 1,
    mirrored: false,
    report: `Exam: Chest radiograph, lateral view
History: 71-year-old woman after a fall.

Findings: There is a compression deformity of a thoracic vertebra. The lungs are clear on this view.

Impression: Compression deformity of a thoracic vertebra, age not known.
`,
  },
];

const table = `record,exam,findings,impression,age,sex
R-1,Chest radiograph,"There is a nodule in the right upper lobe. The heart is normal in size.",Right upper lobe nodule.,59,F
R-2,Chest radiograph,"The lungs are hyperinflated with flattened diaphragms. No effusion is seen.",Hyperinflation.,66,M
`;

/** Writes the cases into `folder`/cases and the table into `folder`/reports.csv. */
export async function writeOwnCases(folder: string): Promise<{ cases: string; table: string }> {
  const target = join(folder, 'cases');
  mkdirSync(target, { recursive: true });
  for (const { name, report, from, contrast, mirrored } of cases) {
    writeFileSync(join(target, `${name}.txt`), report);
    if (!from) continue;
    const { rows, columns, data } = renderGrey(
      await decodeFrame({ file: fromRoot(`test/sample/study/chest-${from}.dcm`) }),
    );
    await sharp(data, { raw: { width: columns, height: rows, channels: 1 } })
      .flop(mirrored)
      .linear(contrast, 0)
      .resize(640)
      .png()
      .toFile(join(target, `${name}.png`));
  }
  await dispose();
  writeFileSync(join(folder, 'reports.csv'), table);
  return { cases: target, table: join(folder, 'reports.csv') };
}

/** Writes so many short reports, no two alike, into `folder`/many. */
export function writeManyReports(folder: string, count: number): string {
  const target = join(folder, 'many');
  mkdirSync(target, { recursive: true });
  const sides = ['left', 'right'];
  const sizes = ['small', 'moderate', 'large'];
  for (let n = 0; n < count; n++)
    writeFileSync(
      join(target, `report-${n}.txt`),
      `Exam: Chest radiograph, two views

Findings: There is a ${sizes[n % 3]} ${sides[n % 2]} pleural effusion that measures ${10 + n} mm on the lateral view. The heart is normal in size. There is no pneumothorax. The bones are intact.

Impression: Pleural effusion of ${10 + n} mm on the ${sides[n % 2]}.
`,
    );
  return target;
}
