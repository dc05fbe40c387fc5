/**
 * Structured report templates for studies outside the pack's domain. They hold headings with blanks and no findings, and
 * every blank is flagged, so that none is signed unfilled. Written for this product.
 */
import type { Section, Study } from '../../preload/values.js';

/** A blank to be filled in by the radiologist. */
export const BLANK = '[ ]';

interface Template {
  /** Matches the modality codes it is for. */
  modalities: string[];
  /** Matches body part and descriptions, lower case; absent: any. */
  parts?: RegExp;
  findings: string[];
}

const templates: Template[] = [
  {
    modalities: ['CR', 'DX', 'RF', 'XR', 'OT'],
    parts:
      /hand|wrist|finger|thumb|foot|feet|ankle|toe|knee|hip|elbow|shoulder|pelvis|femur|tibia|fibula|humerus|forearm|radius|ulna|extremit|arm|leg|clavicle|calcane/,
    findings: ['Bones', 'Joints and alignment', 'Soft tissues', 'Foreign bodies or hardware'],
  },
  {
    modalities: ['CR', 'DX', 'RF', 'XR'],
    parts: /spine|cervical|lumbar|sacr|coccyx|vertebra/,
    findings: ['Alignment', 'Vertebral bodies', 'Disc spaces', 'Posterior elements', 'Soft tissues'],
  },
  {
    modalities: ['CR', 'DX', 'RF', 'XR'],
    parts: /abdom|kub|bowel/,
    findings: ['Bowel gas pattern', 'Free air', 'Organs and calcifications', 'Bones', 'Lines and tubes'],
  },
  {
    modalities: ['CR', 'DX', 'RF', 'XR'],
    parts: /chest|thorax|lung|rib/,
    findings: ['Lines and tubes', 'Heart and mediastinum', 'Lungs', 'Pleura', 'Bones and soft tissues'],
  },
  { modalities: ['CR', 'DX', 'RF', 'XR'], findings: ['Bones', 'Joints', 'Soft tissues'] },
  {
    modalities: ['CT'],
    parts: /head|brain|skull/,
    findings: [
      'Brain parenchyma',
      'Hemorrhage',
      'Ventricles and cisterns',
      'Midline',
      'Skull and sinuses',
      'Orbits',
    ],
  },
  {
    modalities: ['CT'],
    parts: /chest|thorax|lung/,
    findings: [
      'Lungs and airways',
      'Pleura',
      'Heart and pericardium',
      'Great vessels',
      'Mediastinum and nodes',
      'Upper abdomen',
      'Bones',
    ],
  },
  {
    modalities: ['CT'],
    parts: /spine|cervical|lumbar/,
    findings: ['Alignment', 'Vertebral bodies', 'Disc levels', 'Spinal canal', 'Paraspinal soft tissues'],
  },
  {
    modalities: ['CT'],
    parts: /abdom|pelvis|liver|kidney|renal|colon/,
    findings: [
      'Liver',
      'Gallbladder and bile ducts',
      'Pancreas',
      'Spleen',
      'Adrenals',
      'Kidneys and ureters',
      'Bowel and appendix',
      'Vessels',
      'Nodes',
      'Pelvic organs',
      'Bones',
      'Lung bases',
    ],
  },
  {
    modalities: ['CT'],
    findings: ['Region examined', 'Organs', 'Vessels', 'Nodes', 'Bones', 'Soft tissues'],
  },
  {
    modalities: ['MR'],
    parts: /head|brain/,
    findings: [
      'Diffusion',
      'Brain parenchyma',
      'Ventricles and extra-axial spaces',
      'Midline structures and pituitary',
      'Flow voids',
      'Enhancement',
      'Orbits, sinuses and mastoids',
    ],
  },
  {
    modalities: ['MR'],
    parts: /spine|cervical|lumbar|thoracic/,
    findings: [
      'Alignment',
      'Vertebral bodies and marrow',
      'Cord and conus',
      'Disc levels',
      'Canal and foramina',
      'Paraspinal soft tissues',
    ],
  },
  {
    modalities: ['MR'],
    parts: /knee/,
    findings: [
      'Menisci',
      'Cruciate ligaments',
      'Collateral ligaments',
      'Extensor mechanism',
      'Cartilage',
      'Bone marrow',
      'Joint fluid',
    ],
  },
  {
    modalities: ['MR'],
    parts: /shoulder|hip|ankle|wrist|elbow|foot|hand/,
    findings: [
      'Tendons',
      'Ligaments and labrum',
      'Cartilage',
      'Bone marrow',
      'Joint fluid',
      'Muscles and soft tissues',
    ],
  },
  {
    modalities: ['MR'],
    findings: ['Region examined', 'Signal', 'Diffusion', 'Enhancement', 'Vessels', 'Bones and soft tissues'],
  },
  {
    modalities: ['US'],
    parts: /breast/,
    findings: ['Tissue composition', 'Right breast', 'Left breast', 'Axillae', 'Assessment category'],
  },
  {
    modalities: ['US'],
    parts: /heart|cardiac|echo/,
    findings: ['Chambers', 'Ventricular function', 'Valves', 'Pericardium', 'Great vessels'],
  },
  {
    modalities: ['US'],
    findings: ['Region examined', 'Organs', 'Focal lesions', 'Fluid', 'Doppler'],
  },
  {
    modalities: ['MG'],
    findings: [
      'Breast density',
      'Masses',
      'Calcifications',
      'Asymmetries and distortion',
      'Skin and axillae',
      'Assessment category',
    ],
  },
  {
    modalities: ['NM', 'PT'],
    findings: [
      'Radiopharmaceutical and activity',
      'Distribution',
      'Abnormal uptake',
      'Comparison with other imaging',
    ],
  },
  { modalities: [], findings: ['Examination', 'Findings'] },
];

/** The lines of the structured report that fits a study, each with its blank. */
export function templateFor(study: Study): { section: Section; text: string }[] {
  const series = study.series[0];
  const modality = series?.modality ?? 'OT';
  const words = [study.description, ...study.series.flatMap((s) => [s.bodyPart, s.description])]
    .join(' ')
    .toLowerCase();
  const template = templates.find(
    (t) =>
      (t.modalities.length === 0 || t.modalities.includes(modality)) &&
      (t.parts === undefined || t.parts.test(words)),
  );
  return [
    ...(template?.findings ?? []).map((heading) => ({
      section: 'findings' as const,
      text: `${heading}: ${BLANK}`,
    })),
    { section: 'impression', text: `Impression: ${BLANK}` },
  ];
}
