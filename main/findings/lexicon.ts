/**
 * The words radiologists use for the findings of `models/training/findings.json`. Patterns are matched on lower-case
 * sentences. Whether a mention is negated or hedged is decided by `finding-parser.ts`, never here.
 */

/** Up to five words in between, not crossing a clause. */
const GAP = String.raw`(?:[\w/'%()-]+ ){0,5}?`;
const NEAR = String.raw`(?:[\w/'()-]+ ){0,2}?`;
const HEART =
  '(?:heart(?: size| silhouette| shadow)?|cardiac(?: silhouette| size| shadow| contours?)?|cardiomediastinal(?: silhouette| contours?)?|cardio ?mediastinal silhouette|cardiopericardial silhouette)';
const LUNGS = '(?:lungs?(?: fields?| parenchyma)?(?: bilaterally)?)';
const BE = '(?:is|are|was|were|appears?|remains?|seems?|being)';
const SPINE =
  '(?:spine|spinal|vertebra[el]?|vertebral|thoracic|thoracolumbar|disc|discs|disk|endplates?|end plates?|dorsal)';
const BONE =
  '(?:ribs?|clavicles?|clavicular|humer(?:us|al)|scapulae?r?|sternum|sternal|shoulder|acromioclavicular)';
const LARGE =
  '(?:enlarged|enlargement|prominen(?:t|ce)|dilat(?:ed|ation|ion)|ectatic|ectasia|unfold(?:ed|ing)|uncoil(?:ed|ing)|aneurysm(?:al)?|elongated)';
const AORTA = '(?:aorta|aortic(?: arch| knob| contour)?)';

/** Expands the names above inside a pattern. */
function words(patterns: string[]): RegExp[] {
  return patterns.map(
    (p) =>
      new RegExp(
        String.raw`\b(?:${p})\b`
          .replaceAll('<gap>', GAP)
          .replaceAll('<near>', NEAR)
          .replaceAll('<heart>', HEART)
          .replaceAll('<lungs>', LUNGS)
          .replaceAll('<be>', BE)
          .replaceAll('<spine>', SPINE)
          .replaceAll('<bone>', BONE)
          .replaceAll('<large>', LARGE)
          .replaceAll('<aorta>', AORTA),
        'g',
      ),
  );
}

/**
 * Mentions of a finding: they say it is present unless negated or hedged around. `not` lists longer phrases that contain a
 * mention without meaning the finding.
 */
export interface Term {
  finding: string;
  mentions: RegExp[];
  not: RegExp[];
}

const term = (finding: string, mentions: string[], not: string[] = []): Term => ({
  finding,
  mentions: words(mentions),
  not: words(not),
});

export const terms: Term[] = [
  term(
    'cardiomegaly',
    [
      'cardiomegaly',
      'cardiac enlargement',
      'enlarge(?:d|ment of the) <near><heart>',
      '<heart> <gap>(?:enlarged|enlargement|prominent|large|increased)',
      'prominen(?:t|ce of the) <near>(?:heart|cardiac silhouette|cardiomediastinal silhouette)',
      'prominence of the <near>cardiac silhouette',
      '(?:large|big) heart',
      'borderline (?:heart size|cardiac size|cardiac silhouette|size of the heart)',
      'heart <gap>borderline',
    ],
    [
      'cardiac apex',
      '<heart> <gap>(?:contours?|mediastinum) <gap>(?:prominent aort\\w+)',
      '(?:ventricular|atrial|atrium|ventricle) (?:enlargement|prominence|hypertrophy)',
    ],
  ),
  term(
    'pulmonary_edema',
    [
      '(?:pulmonary |interstitial |alveolar |lung )*edema',
      '(?:pulmonary |central |mild )*(?:vascular|venous) congestion',
      'congesti(?:on|ve) <near>(?:heart failure|changes?|failure)',
      'congestive heart failure',
      'heart failure',
      'chf',
      'vascular <near>(?:engorgement|redistribution|cephalization)',
      'cephalization',
      '(?:pulmonary )?vascular(?:ity|ature)? <gap>(?:congested|engorged|prominent|increased|indistinct)',
      '(?:prominent|increased|prominence of the|indistinct) (?:central |pulmonary )+vascular(?:ity|ature)?(?: markings)?',
      'kerley',
      '(?:fluid|volume) overload',
      'congestion',
      'prominence of <near>(?:central |pulmonary )+vascul\\w+|(?:central|pulmonary) vascular prominence',
      '(?:pulmonary )?(?:vessels|vasculature|veins) <gap>(?:engorged|distended|congested)',
      'pulmonary venous hypertension',
    ],
    ['vascular crowding'],
  ),
  term(
    'pleural_effusion',
    [
      '(?:pleural |bilateral )?effusions?',
      'pleural fluid',
      'hydropneumothora(?:x|ces)',
      'hemothora(?:x|ces)',
      'hemopneumothora(?:x|ces)',
      'fluid in the <near>fissures?',
    ],
    ['pericardial effusions?'],
  ),
  term('costophrenic_blunting', [
    'blunt(?:ed|ing) <gap>(?:costophrenic|costo-phrenic|cp|sulc(?:us|i))',
    '(?:costophrenic|costo-phrenic|cp|phrenic) <gap>blunt(?:ed|ing)',
    '(?:lateral |posterior )?(?:sulc(?:us|i)|angles?) <gap>blunt(?:ed|ing)',
  ]),
  term('pleural_thickening', [
    'pleural <near>(?:thickening|scarring|reaction|capping)',
    'apical (?:pleural )?cap(?:ping)?',
    'thickening of the <near>pleura',
    'pleural-parenchymal (?:scarring|thickening)',
    'pleuroparenchymal (?:scarring|thickening)',
  ]),
  term('pneumothorax', ['(?:hydro|hemo)?pneumothora(?:x|ces|xes|xx)', 'pneumothorac\\w+']),
  term(
    'opacity',
    ['opacit(?:y|ies)', 'opacifications?', 'densit(?:y|ies)', 'haz(?:e|iness)'],
    [
      '(?:bone|bony|osseous|metallic|soft tissue|catheter|breast|low|substernal|tubular) densit(?:y|ies)',
      '(?:opacit(?:y|ies)|densit(?:y|ies)) (?:at|of|in|over|overlying|superior to|projecting over) <near>(?:cardiophrenic|heart|sternum|mediastinum|sulc(?:us|i)|clavicle)',
      'mediastinal opacit(?:y|ies)',
    ],
  ),
  term('airspace_disease', [
    'consolidat(?:ions?|ive)(?: <near>opacit(?:y|ies))?',
    'infiltrat(?:es?|ions?|ive)',
    'pneumonias?',
    'pneumonitis',
    '(?:air ?space|air-space) (?:disease|process|consolidations?|infiltrates?)',
    'bronchopneumonia',
  ]),
  term('atelectasis', [
    'atelecta(?:sis|ses|tic|sys)(?: changes?)?',
    'volume loss',
    'loss of <near>volume',
    'collapse(?:d)? (?:of the )?<near>(?:lobe|lung)',
  ]),
  term(
    'scarring',
    [
      'scar(?:s|ring)?',
      'cicatri(?:x|ces|zation)',
      'fibro(?:tic|sis) (?:changes?|scar\\w*|strands?)',
      'parenchymal bands?',
    ],
    ['pleural scarring'],
  ),
  term(
    'interstitial_disease',
    [
      'interstitial <near>(?:disease|lung disease|opacit(?:y|ies)|densit(?:y|ies)|markings|prominence|changes?|pattern|infiltrates?|thickening|fibrosis|process)',
      '(?:prominent|increased|coarse(?:ned)?|prominence of the) <near>interstitium',
      'interstitium <gap>(?:prominent|increased|coarse)',
      '(?:pulmonary |lung )?fibrosis',
      'fibrotic',
      'reticular(?: <near>(?:opacit(?:y|ies)|markings|pattern|changes?))?',
      'reticulonodular <near>(?:opacit(?:y|ies)|markings|pattern|densit(?:y|ies))',
      'honeycomb(?:ing)?',
    ],
    ['interstitial edema', 'cystic fibrosis'],
  ),
  term('bronchovascular_markings', [
    'bronchovascular <near>(?:crowding|prominence)',
    'crowding of <near>(?:bronchovascular|vascular|pulmonary|lung|interstitial|vessels|bronchovasculature)(?: <near>(?:markings|structures|vasculature))?',
    'vascular crowding',
    '(?:prominent|increased|prominence of the|accentuat\\w+|exaggerat\\w+|crowded|coarse\\w*) <near>(?:bronchovascular|bronchial|perihilar|peribronchial|lung|vascular|pulmonary) <near>markings',
    '(?:bronchovascular|bronchial|perihilar|lung|pulmonary) markings <gap>(?:prominent|increased|accentuat\\w+|crowd\\w+|exaggerat\\w+|coarse\\w*)',
    '(?:bronchial|peribronchial) <near>(?:cuffing|thickening|wall thickening)',
    'bronchitis|bronchitic',
  ]),
  term(
    'nodule',
    [
      '(?:micro)?nodul(?:es?|ar)(?: <near>(?:opacit(?:y|ies)|densit(?:y|ies)|foc(?:us|i)))?',
      'mass(?:es)?',
      'mass-?like <near>(?:opacit(?:y|ies)|densit(?:y|ies))',
      '(?:round|rounded) <near>(?:opacit(?:y|ies)|densit(?:y|ies))',
      'neoplasm|malignancy|metasta(?:sis|ses|tic)',
      'pulmonary lesions?',
      'lung cancer|carcinoma|tumor',
    ],
    [
      'calcifi(?:ed|c) <near>nodul(?:es?|ar)',
      'nodul(?:es?|ar) <near>calcifications?',
      'nipple',
      'reticulonodular',
      'mass effect',
    ],
  ),
  term('calcified_granuloma', [
    'granulomas?|granulomata',
    'calcifi(?:ed|c) <near>(?:nodules?|nodular \\w+)',
    'nodul(?:es?|ar) <near>calcifications?',
  ]),
  term('granulomatous_disease', [
    'granulomatous',
    'calcifi(?:ed|c) <gap>(?:lymph|nodes?|hilar|hila|mediastinal|adenopathy|lymphadenopathy|paratracheal|subcarinal)(?: <near>(?:nodes?|adenopathy|lymphadenopathy))?',
    '(?:lymph node|nodal|hilar|mediastinal|paratracheal|subcarinal|perihilar) <near>calcifications?',
    'calcifications? (?:in|of|within|at|about|over|overlying|projecting) <gap>(?:hil(?:um|a|ar)|mediastin(?:um|al)|lymph|nodes?)',
    '(?:hil(?:um|ar)|mediastin(?:um|al)) <near><be> <near>calcified',
    'histoplasmosis',
  ]),
  term('low_lung_volumes', [
    '(?:low|decreased|diminished|reduced|small|shallow) (?:bilateral |overall )?(?:lung|inspiratory) volumes?',
    'lung volumes? <gap>(?:low|decreased|diminished|reduced|small)',
    'hypo-?(?:inflat|ventilat|aerat|expan)\\w+',
    '(?:under|poorly) ?(?:inflated|expanded|aerated)',
    '(?:low|poor|shallow|decreased|limited|suboptimal|diminished) <near>(?:inspiration|inspiratory effort|inspiratory volumes?)',
    '(?:shallow|poor) inspiratory',
    'underinflat\\w+',
  ]),
  term('hyperinflation', [
    'hyper-? ?(?:inflat|expan|disten|aerat)\\w+',
    'hyperlucen\\w+',
    'overinflat\\w+|overexpan\\w+|overdisten\\w+|overaerat\\w+',
    'flatten(?:ed|ing) <gap>(?:hemi)?diaphragms?',
    '(?:hemi)?diaphragms? <gap>flatten(?:ed|ing)',
    '(?:increased|large|expanded) (?:lung volumes?|retrosternal (?:air ?space|clear space|lucency))',
    'lung volumes? <gap>(?:large|increased)',
    'increased (?:ap|a\\.p\\.) diameter',
    'lucent <near>lungs?',
  ]),
  term(
    'emphysema',
    [
      'emphysem(?:a|atous)(?: <near>(?:changes?|disease))?',
      'copd',
      'chronic obstructive <near>disease',
      'obstructive (?:lung|pulmonary|airway\\w*) disease',
      'bull(?:a|ae|ous)(?: <near>(?:changes?|disease))?',
      'blebs?',
    ],
    ['subcutaneous <near>emphysema', 'soft tissue emphysema'],
  ),
  term('elevated_diaphragm', [
    'elevat(?:ed|ion) <gap>(?:hemi-?|right |left )?(?:diaphragms?|hemidiaphragms?)',
    '(?:hemi-?)?diaphragms? <gap>elevat(?:ed|ion)',
    'eventration',
    '(?:raised|high|asymmetric) <near>(?:hemi)?diaphragm',
  ]),
  term('hiatal_hernia', ['hiatal hernia', 'hiatus hernia', 'hiatal', 'paraesophageal hernia']),
  term('aortic_tortuosity', [
    'tortuo(?:us|sity) <gap>(?:aorta|aortic|vessels|vasculature|vascular)',
    '<aorta> <gap>tortuo(?:us|sity)',
    'tortuo(?:us|sity)',
    '<large> <gap><aorta>',
    '<aorta> <gap><large>',
    'aortic aneurysm',
  ]),
  term('aortic_calcification', [
    'atheroscle\\w+',
    'arterioscle\\w+',
    'atheromatous',
    '(?:aortic|aorta|arch|vascular|coronary|arterial|knob) <gap>(?:calcifications?|calcified|calcific)',
    'calcifi(?:ed|cations?|c) <gap>(?:aorta|aortic|arch|vascular|coronary|arter(?:y|ies|ial))',
  ]),
  term(
    'spine_degeneration',
    [
      '(?:degenerative|spondylitic|spondylotic|arthritic|hypertrophic|osteoarthritic|spurring) <gap><spine>',
      '<spine> <gap>(?:degenerative|spondylitic|spondylotic|arthritic|spurring|spurs|osteoarthr\\w+)',
      'degenerative (?:changes?|disease|endplate|disc|disk)',
      'osteophyt\\w+',
      'spondylosis',
      'dish|diffuse idiopathic skeletal',
      '(?:disc|disk) (?:space )?(?:narrowing|disease)',
      'syndesmophytes?',
    ],
    [
      '(?:degenerative|arthritic|osteoarthritic) <gap>(?:shoulders?|acromioclavicular|glenohumeral|ac joints?|humer\\w+|hips?|knees?|aorta|joints?)',
      '(?:shoulders?|acromioclavicular|glenohumeral|hips?|knees?) <gap>(?:degenerative|arthritic|osteoarthritic|osteophyt\\w+)(?: <near>(?:changes?|disease))?',
    ],
  ),
  term('scoliosis', [
    '(?:kypho|levo|dextro|roto)?-?scolio(?:sis|tic)',
    '(?:dextro|levo)(?:curvature|convex)\\w*',
    'curvature of the <near>spine',
    'spinal curvature',
  ]),
  term('kyphosis', ['kypho(?:sis|tic|scoliosis)', 'gibbus']),
  term(
    'vertebral_compression',
    [
      '(?:compression|wedge|wedging) <near>(?:fractures?|deformit(?:y|ies)|deformed)',
      '(?:vertebral|vertebra|spine|thoracic|lumbar|t\\d+|l\\d+) <gap>(?:fractures?|compression|wedging|height loss|loss of height)',
      '(?:fractures?|compression|wedging|deformit(?:y|ies)|loss of height|height loss) <gap>(?:vertebra(?:l|e)?|spine|t\\d+|l\\d+)',
      'wedging|wedge deformit(?:y|ies)',
      'loss of <near>vertebral <near>height',
      'vertebroplasty|kyphoplasty',
    ],
    ['no height'],
  ),
  term(
    'rib_fracture',
    [
      '<bone> <gap>(?:fractures?|deformit(?:y|ies))',
      '(?:fractures?|deformit(?:y|ies)) <gap><bone>',
      'fractures?',
      'deformed <near><bone>',
      '(?:irregularit(?:y|ies)|shortening|resection) <gap>(?:ribs?|clavicle)',
      '(?:ribs?|clavicle) <gap>(?:irregularit(?:y|ies)|resection)',
    ],
    [
      'compression <near>fractures?',
      '(?:vertebra\\w*|spine|thoracic|lumbar|t\\d+|l\\d+|sternotomy|catheter) <gap>fractures?',
      'fractures? <gap>(?:vertebra\\w*|spine|thoracic|lumbar|t\\d+|l\\d+|sternotomy|catheter|scaphoid|femoral|hip)',
      'fracture-dislocation',
    ],
  ),
  term('catheter', [
    'catheters?',
    'central <near>lines?',
    'picc(?: line)?',
    'port-?a-?cath|portacath|mediport|infusion ports?|chest ports?|ports?|port-a-catheter',
    '(?:endotracheal|tracheostomy|nasogastric|enteric|feeding|chest|gastrostomy|ng|et|thoracostomy|drainage|orogastric|dobbhoff) tubes?',
    'tracheostomy',
    '(?:subclavian|jugular|ij) <near>(?:lines?|catheters?|venous)',
    'vp shunt|ventriculoperitoneal shunt|shunt (?:tubing|catheter)',
    'swan-ganz',
  ]),
  term('surgical_material', [
    'sternotomy(?: wires?| sutures?| changes?)?',
    '(?:surgical|cholecystectomy|vascular|hemostatic|metallic|mediastinal|axillary|cabg|postsurgical|suture|hilar|bypass) <near>(?:clips?|staples?|sutures?|wires?|material|hardware|suture)',
    'clips?',
    'cabg|coronary (?:artery )?bypass',
    '(?:sternal|cerclage) wires?',
    'sutures?(?: line| material)?',
    'spinal <near>(?:fusion|hardware|rods?|fixation)',
    '(?:fusion|fixation) <near>(?:hardware|plate|rods?|device)?',
    'stents?',
    '(?:surgical|orthopedic|spinal) (?:hardware|instrumentation|instruments|anchors?)',
    'staples?',
  ]),
  term('implanted_device', [
    'pacemakers?|pacer|pacing',
    'aicd|icd|defibrillators?',
    '(?:pacemaker|pacer|pacing|defibrillator|icd) (?:leads?|wires?)',
    'cardiac (?:conduction )?device',
    'loop recorder',
    '(?:prosthetic|artificial|mechanical|replacement) <near>(?:heart |cardiac |aortic |mitral )?valves?',
    'valve (?:replacement|prosthesis|repair)',
    '(?:neuro)?stimulator|pulse generator',
    '(?:closure|occluder|occlusion) device|occluder',
    '(?:monitor|monitoring|ekg|ecg|overlying) <near>leads',
    'bone anchors?|(?:internal|humeral) fixation|orif',
    'arthroplasty|prosthetic <near>(?:shoulder|humerus)|(?:shoulder|humeral) prosthesis|(?:shoulder|joint) replacement',
  ]),
];

/** A phrase that by itself says findings are absent: "the lungs are clear". `findings` is everything it excludes. */
export interface Normal {
  pattern: RegExp;
  findings: string[];
}

const normal = (pattern: string, findings: string[]): Normal[] =>
  words([pattern]).map((p) => ({ pattern: p, findings }));

const FINE =
  '(?:clear|normal|unremarkable|upper limits? (?:of )?normal|without (?:\\w+ )?(?:acute )?abnormalit(?:y|ies)|within (?:the )?(?:normal limits|limits of normal)|within normal|free of (?:active|acute) disease|grossly clear|intact|not enlarged|not dilated|preserved|maintained|satisfactory)';
const PARENCHYMA = [
  'opacity',
  'airspace_disease',
  'atelectasis',
  'interstitial_disease',
  'nodule',
  'pulmonary_edema',
];

export const normals: Normal[] = [
  ...normal(`<lungs> <gap>${FINE}`, PARENCHYMA),
  ...normal(`clear <near><lungs>`, PARENCHYMA),
  ...normal(
    `normal <near>(?:lungs|chest (?:radiograph|x-?ray|film|exam\\w*))|(?:chest|radiograph) <be> normal`,
    [...PARENCHYMA, 'pleural_effusion', 'pneumothorax'],
  ),
  ...normal(`<heart> <gap>${FINE}`, ['cardiomegaly']),
  ...normal(`(?:normal|unremarkable|normal-sized) <near><heart>`, ['cardiomegaly']),
  ...normal(`(?:pulmonary )?vascular(?:ity|ature)? <gap>${FINE}`, ['pulmonary_edema']),
  ...normal(`normal <near>(?:pulmonary )?vascular(?:ity|ature)?`, ['pulmonary_edema']),
  ...normal(`pleural (?:spaces?|surfaces?|recesses) <gap>${FINE}`, ['pleural_effusion', 'pneumothorax']),
  ...normal(`costophrenic (?:angles?|sulc(?:us|i)) <gap>(?:${FINE}|sharp)`, [
    'costophrenic_blunting',
    'pleural_effusion',
  ]),
  ...normal(
    `(?:bones?|bony|osseous|skeletal|skeleton|thoracic cage|bony thorax|soft tissues?|visualized structures|osseous structures) <gap>${FINE}`,
    ['rib_fracture', 'vertebral_compression'],
  ),
  ...normal(`(?:thoracic )?spine <gap>${FINE}`, ['vertebral_compression', 'spine_degeneration']),
  ...normal(`(?:aorta|aortic contour|aortic arch) <gap>${FINE}`, ['aortic_tortuosity']),
  ...normal(`mediastin(?:um|al)(?: \\w+)? <gap>${FINE}|normal <near>mediastin(?:um|al)`, [
    'aortic_tortuosity',
  ]),
  ...normal(`(?:hemi)?diaphragms? <gap>${FINE}`, ['elevated_diaphragm']),
  ...normal(`lung volumes? <gap>${FINE}|normal lung volumes?`, ['low_lung_volumes', 'hyperinflation']),
  ...normal(`(?:well|normally|fully) (?:inflated|expanded|aerated)`, ['low_lung_volumes']),
];

/** What "no acute …" excludes: the acute findings of the part that is named. */
export const acutes: Normal[] = [
  ...normal(
    `no <gap>(?:acute|active)(?: or \\w+)? (?!(?:or \\w+ )?(?:bony?|osseous|skeletal|fractures?)\\b)<gap>(?:cardio ?-?pulmonary|cardio thoracic|chest|intrathoracic|thoracic|disease|findings?|abnormalit(?:y|ies)|process)`,
    ['airspace_disease', 'pulmonary_edema', 'pleural_effusion', 'pneumothorax'],
  ),
  ...normal(`no <gap>(?:acute|active)(?: or \\w+)? <gap>(?:pulmonary|lung|pleural)`, [
    'airspace_disease',
    'pneumothorax',
  ]),
  ...normal(`no <gap>(?:acute|active|focal)(?: or \\w+)? <near>(?:bony|osseous|skeletal|bone)`, [
    'rib_fracture',
    'vertebral_compression',
  ]),
  ...normal(`no <gap>focal <gap>(?:lung|pulmonary|parenchymal) (?:abnormalit(?:y|ies)|disease|process)`, [
    'airspace_disease',
    'opacity',
  ]),
];
