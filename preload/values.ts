/**
 * The values that flow through Wetread and cross its process boundaries, each with its schema. Steps under `main/` and
 * the window share these and nothing else.
 */
import { z } from 'zod';

/** The index modalities; DICOM modality codes are routed to one of them (DX, CR, RF, XA → XR; PT → NM). */
export const IndexModality = z.enum(['XR', 'CT', 'MR', 'US', 'MG', 'NM']);
export type IndexModality = z.infer<typeof IndexModality>;

/** Something that could not be used, told to the user: which file, why (`code` of a WetreadError), in a sentence. */
export const Problem = z.object({ file: z.string(), code: z.string(), message: z.string() });
export type Problem = z.infer<typeof Problem>;

/** Code of the problem that a picture is imported but has likely text burned into it: nothing failed, somebody should look. */
export const TEXT_IN_PICTURE = 'burned-in-text';

/** The options of PS3.15 Annex E that Wetread offers beside the basic profile (PS3.15 E.3); what each keeps or cleans. */
export const DeidentifyOption = z.enum([
  'safe-private',
  'uids',
  'device',
  'institution',
  'patient',
  'full-dates',
  'modified-dates',
  'descriptors',
  'structured-content',
  'graphics',
]);
export type DeidentifyOption = z.infer<typeof DeidentifyOption>;

export const View = z.enum(['frontal', 'lateral', 'unknown']);
export type View = z.infer<typeof View>;

/** One image object (DICOM SOP instance, or a plain JPEG/PNG). */
export const Instance = z.object({
  uid: z.string(),
  /** Absolute path of the file; for a ZIP member the path of the ZIP, `!/`, then the member. */
  file: z.string(),
  sopClass: z.string().optional(),
  transferSyntax: z.string().optional(),
  number: z.number().int().optional(),
  rows: z.number().int().nonnegative(),
  columns: z.number().int().nonnegative(),
  frames: z.number().int().positive(),
  frameTimeMs: z.number().positive().optional(),
  bitsStored: z.number().int().positive().optional(),
  photometric: z.string().optional(),
  imageType: z.array(z.string()).default([]),
  view: View,
  /** ViewPosition (0018,5101) as written, e.g. PA, AP, LL. */
  viewPosition: z.string().optional(),
  laterality: z.enum(['L', 'R']).optional(),
  /** Millimetres between rows, then between columns (PixelSpacing, else ImagerPixelSpacing). */
  spacingMm: z.tuple([z.number().positive(), z.number().positive()]).optional(),
  /** `patient`: in the plane of the patient; `detector`: on the detector, magnified (say so beside a length). */
  spacingPlane: z.enum(['patient', 'detector']).optional(),
  positionMm: z.tuple([z.number(), z.number(), z.number()]).optional(),
  orientation: z.array(z.number()).length(6).optional(),
  hasPixels: z.boolean(),
});
export type Instance = z.infer<typeof Instance>;

export const Series = z.object({
  uid: z.string(),
  /** DICOM modality code as written (CR, DX, CT, …), `OT` where there is none. */
  modality: z.string(),
  number: z.number().int().optional(),
  description: z.string().optional(),
  bodyPart: z.string().optional(),
  /** Sorted by geometry where there is any, else by instance number. */
  instances: z.array(Instance),
});
export type Series = z.infer<typeof Series>;

export const Patient = z.object({
  /** Person name for display: "Family, Given". */
  name: z.string().optional(),
  id: z.string().optional(),
  /** YYYY-MM-DD */
  birthDate: z.string().optional(),
  sex: z.enum(['M', 'F', 'O']).optional(),
  ageYears: z.number().nonnegative().optional(),
});
export type Patient = z.infer<typeof Patient>;

export const Study = z.object({
  uid: z.string(),
  /** `image`: a plain JPEG or PNG without any header; its UID is derived from its bytes. */
  source: z.enum(['dicom', 'image']),
  patient: Patient,
  /** YYYY-MM-DD */
  date: z.string().optional(),
  /** HH:MM:SS */
  time: z.string().optional(),
  description: z.string().optional(),
  accession: z.string().optional(),
  /** Why it was asked for: ReasonForTheRequestedProcedure, else AdmittingDiagnosesDescription, else PatientHistory. */
  indication: z.string().optional(),
  referringPhysician: z.string().optional(),
  institution: z.string().optional(),
  series: z.array(Series),
  problems: z.array(Problem),
});
export type Study = z.infer<typeof Study>;

/** What decides how pixels are shown. */
export const FrameHeader = z.object({
  rows: z.number().int().positive(),
  columns: z.number().int().positive(),
  /** `grey`: values after the modality LUT; `rgb`: 8 bit, interleaved. */
  kind: z.enum(['grey', 'rgb']),
  type: z.enum(['uint8', 'int16', 'uint16', 'float32']),
  min: z.number(),
  max: z.number(),
  /** VOI window to start with, in the values' own units. */
  window: z.object({ center: z.number(), width: z.number().positive() }),
  /** MONOCHROME1: the lowest value is shown white. */
  invert: z.boolean(),
  /** HU, OD, … of the values, where the file says. */
  units: z.string().optional(),
  spacingMm: z.tuple([z.number().positive(), z.number().positive()]).optional(),
});
export type FrameHeader = z.infer<typeof FrameHeader>;

/** One decoded frame: its header and its values, row by row from the top left. */
export interface Frame extends FrameHeader {
  data: Uint8Array | Int16Array | Uint16Array | Float32Array;
}

export const Side = z.enum(['left', 'right', 'bilateral']);
export type Side = z.infer<typeof Side>;

/** What a sentence says of one finding. */
export const Statement = z.object({
  /** Finding id of the pack and of models/training/findings.json, e.g. `pleural_effusion`. */
  finding: z.string(),
  state: z.enum(['present', 'absent', 'uncertain']),
  side: Side.optional(),
  site: z.string().optional(),
});
export type Statement = z.infer<typeof Statement>;

/** What a text says of its finding. */
export const Polarity = z.enum(['present', 'absent', 'uncertain']);
export type Polarity = z.infer<typeof Polarity>;

/** The dataset that ships with Wetread: the authored knowledge base. */
export const AUTHORED = 'wetread';

/** Own scores of the ways a row was found; absent: that way did not find it. */
export const WayScores = z.object({
  /** Cosine of the query text and the row's text. */
  text: z.number().optional(),
  /** Cosine of the study's images and the row's text, in the joint space. */
  image: z.number().optional(),
  /** Cosine of the study's images and the document's own. */
  picture: z.number().optional(),
  /** Raw score of the words. */
  bm25: z.number().optional(),
});
export type WayScores = z.infer<typeof WayScores>;

/** A retrieved snippet with everything that speaks for it. */
export const Snippet = z.object({
  id: z.string(),
  dataset: z.string().default(AUTHORED),
  document: z.string(),
  title: z.string(),
  text: z.string(),
  modality: IndexModality,
  bodyRegion: z.string().optional(),
  kind: z.string().optional(),
  source: z.string(),
  licence: z.string(),
  version: z.string(),
  /** Findings that its own words name. */
  findings: z.array(z.string()).default([]),
  /** What it says of them; absent where it explains rather than reports. */
  polarity: Polarity.optional(),
  /** Character ranges [from, to) of `text` that answer the query (cue highlighting), ascending, not overlapping. */
  cues: z.array(z.tuple([z.number().int(), z.number().int()])).default([]),
  /** Fused score, 0…1, and what it was fused from. */
  score: z.number(),
  scores: WayScores,
});
export type Snippet = z.infer<typeof Snippet>;

export const DocumentHit = z.object({
  id: z.string(),
  dataset: z.string().default(AUTHORED),
  title: z.string(),
  score: z.number(),
  scores: WayScores,
});
export type DocumentHit = z.infer<typeof DocumentHit>;

export const Evidence = z.object({
  modality: IndexModality.optional(),
  query: z.string(),
  documents: z.array(DocumentHit),
  snippets: z.array(Snippet),
  /** Datasets that could not be asked; the others were. `file` holds the dataset's title. */
  problems: z.array(Problem).default([]),
});
export type Evidence = z.infer<typeof Evidence>;

export const Citation = z.object({
  snippet: z.string(),
  document: z.string(),
  title: z.string(),
  score: z.number(),
  text: z.string(),
  source: z.string(),
  licence: z.string(),
  version: z.string(),
});
export type Citation = z.infer<typeof Citation>;

/** `unsupported`: neither the image nor a cited snippet bears it out. `side-conflict`: the side said is not the side seen, or
 * two sentences disagree. `invented-prior`: speaks of a comparison where there is none. `contradiction`: the image model
 * says the opposite with confidence, or two sentences do. `incomplete`: a template field still to be filled in. */
export const FlagCode = z.enum([
  'unsupported',
  'side-conflict',
  'invented-prior',
  'contradiction',
  'incomplete',
]);
export type FlagCode = z.infer<typeof FlagCode>;

export const Flag = z.object({
  code: FlagCode,
  message: z.string(),
  /** Set when the radiologist has confirmed the sentence in spite of the flag; an open flag refuses the signature. */
  resolved: z.boolean(),
});
export type Flag = z.infer<typeof Flag>;

/** Where the model looked: a grid over one instance, values 0…1. */
export const Focus = z.object({
  instance: z.string(),
  rows: z.number().int().positive(),
  columns: z.number().int().positive(),
  values: z.array(z.number()),
});
export type Focus = z.infer<typeof Focus>;

export const Section = z.enum(['findings', 'impression']);
export type Section = z.infer<typeof Section>;

export const Support = z.enum(['image', 'evidence', 'both', 'none']);
export type Support = z.infer<typeof Support>;

export const Sentence = z.object({
  id: z.string(),
  section: Section,
  text: z.string(),
  /** Who wrote it first. `offer`: accepted from "please check". */
  origin: z.enum(['model', 'template', 'offer', 'human']),
  status: z.enum(['proposed', 'accepted', 'edited', 'rejected', 'added']),
  /** The text as drafted, kept when edited. */
  original: z.string().optional(),
  support: Support,
  /** Calibrated probability that the sentence holds, 0…1; for a human sentence 1. */
  confidence: z.number().min(0).max(1),
  statements: z.array(Statement),
  citations: z.array(Citation),
  flags: z.array(Flag),
  focus: z.array(Focus),
  /** What stood behind `original`, kept when edited, so that restoring brings it back unchanged. */
  drafted: z
    .object({
      support: Support,
      confidence: z.number().min(0).max(1),
      statements: z.array(Statement),
      citations: z.array(Citation),
      flags: z.array(Flag),
      focus: z.array(Focus),
    })
    .optional(),
});
export type Sentence = z.infer<typeof Sentence>;

/** A finding that is possible but not likely enough to be drafted: offered beside the draft, enters it when accepted. */
export const Offer = z.object({
  id: z.string(),
  finding: z.string(),
  name: z.string(),
  probability: z.number(),
  side: Side.optional(),
  /** The sentence that enters the report when accepted. */
  text: z.string(),
  citations: z.array(Citation),
  focus: z.array(Focus),
});
export type Offer = z.infer<typeof Offer>;

export const Timings = z.object({
  decodeMs: z.number(),
  encodeMs: z.number(),
  retrieveMs: z.number(),
  draftMs: z.number(),
  totalMs: z.number(),
});
export type Timings = z.infer<typeof Timings>;

/** Why no findings were drafted. */
export const Abstention = z.object({
  code: z.enum(['modality', 'body-part', 'view', 'pixels', 'no-pixels']),
  reason: z.string(),
});
export type Abstention = z.infer<typeof Abstention>;

/** What drafting yields: the beginning of a report. */
export const Draft = z.object({
  study: z.string(),
  modality: z.string(),
  bodyPart: z.string().optional(),
  sentences: z.array(Sentence),
  offers: z.array(Offer),
  abstention: Abstention.optional(),
  evidence: Evidence,
  pack: z.string(),
  adapter: z.string().nullable(),
  timings: Timings,
});
export type Draft = z.infer<typeof Draft>;

export const ReportState = z.enum(['draft', 'preliminary', 'final']);
export type ReportState = z.infer<typeof ReportState>;

export const Addendum = z.object({ text: z.string(), by: z.string(), at: z.string() });
export type Addendum = z.infer<typeof Addendum>;

/** The one report value that is reviewed, signed and exported. Times are ISO 8601 UTC. */
export const Report = Draft.extend({
  id: z.string(),
  state: ReportState,
  createdAt: z.string(),
  updatedAt: z.string(),
  signedBy: z.string().optional(),
  signedAt: z.string().optional(),
  addenda: z.array(Addendum),
});
export type Report = z.infer<typeof Report>;

/** A line of the worklist. */
export const WorklistRow = z.object({
  study: z.string(),
  patient: Patient,
  date: z.string().optional(),
  time: z.string().optional(),
  description: z.string().optional(),
  accession: z.string().optional(),
  modalities: z.array(z.string()),
  bodyPart: z.string().optional(),
  images: z.number().int(),
  problems: z.number().int(),
  report: z.object({ id: z.string(), state: ReportState, openFlags: z.number().int() }).optional(),
});
export type WorklistRow = z.infer<typeof WorklistRow>;

export const Progress = z.object({
  task: z.string(),
  /** What is going on, for the user: "Reading files", "Building the XR index". */
  label: z.string(),
  done: z.number(),
  /** 0 where not known. */
  total: z.number(),
  /** Nothing is done meanwhile: it waits for another process. */
  isWaiting: z.boolean().optional(),
});
export type Progress = z.infer<typeof Progress>;

/** What a search may be narrowed to; an absent filter lets everything through, and so does a row that does not say. */
export const SearchFilters = z
  .object({
    /** Region of the knowledge base: chest, msk, head, … */
    bodyRegion: z.string().optional(),
    view: z.enum(['frontal', 'lateral']).optional(),
    /** Id of a finding that the text must speak of. */
    finding: z.string().optional(),
    polarity: Polarity.optional(),
    /** Whole years, from and to, both included. */
    ageYears: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]).optional(),
    sex: z.enum(['M', 'F', 'O']).optional(),
    /** `articles`: what holds for everyone; `reports`: what was found in earlier patients. */
    kind: z.enum(['articles', 'reports']).optional(),
    /** Ids of the datasets to search; absent: all. */
    datasets: z.array(z.string()).optional(),
  })
  .strict();
export type SearchFilters = z.infer<typeof SearchFilters>;

/** An earlier study of the department that looks alike, with its report. */
export const CaseHit = z.object({
  dataset: z.string(),
  document: z.string(),
  title: z.string(),
  modality: IndexModality,
  /** Cosine of the most alike images, -1…1. */
  score: z.number(),
  /** Findings its report states as present. */
  findings: z.array(z.string()),
  /** Its report, section by section. */
  sections: z.array(z.object({ kind: z.string(), text: z.string() })),
  ageYears: z.number().int().optional(),
  sex: z.enum(['M', 'F', 'O']).optional(),
  /** Thumbnails at `wetread://case/<dataset>/<document>/<n from 0>`. */
  images: z.number().int(),
  source: z.string(),
  version: z.string(),
});
export type CaseHit = z.infer<typeof CaseHit>;

/** Snippets that answer a question, word for word, the best first; none where the indices do not hold the answer. */
export const Answer = z.object({
  question: z.string(),
  modality: IndexModality,
  snippets: z.array(Snippet),
  problems: z.array(Problem),
});
export type Answer = z.infer<typeof Answer>;

/** A body of knowledge with indices of its own. */
/** Who vouches for a shared dataset: an Ed25519 key (base64url) that signs it, with what people compare of it, or nobody. */
export const DatasetPublisher = z.union([
  z.object({ key: z.string(), fingerprint: z.string() }).strict(),
  z.literal('unsigned'),
]);
export type DatasetPublisher = z.infer<typeof DatasetPublisher>;

export const Dataset = z.object({
  id: z.string(),
  title: z.string(),
  /** Folder, `s3://…` or `db://…`. */
  location: z.string(),
  /** `authored`: ships with Wetread. `own`: filled here. `shared`: filled elsewhere, only read. */
  kind: z.enum(['authored', 'own', 'shared']),
  /**
   * `away`: its location cannot be reached; a copy of it is searched where there is one, `message` says of when. `untrusted`: nobody
   * trusted vouches for it; it is not searched, or its last copy is that somebody did vouch for.
   */
  state: z.enum(['ready', 'empty', 'building', 'away', 'damaged', 'outdated', 'untrusted']),
  message: z.string().optional(),
  /** Of a shared one: who vouches for it. Absent where that was never decided. */
  publisher: DatasetPublisher.optional(),
  /** Who vouches for what lies at its location now, where that is not `publisher`: for an administrator to trust, or not. */
  offered: DatasetPublisher.optional(),
  /** Counted from 1 with every import, deletion and rollback; 0: nothing yet. */
  version: z.number().int(),
  builtAt: z.string().optional(),
  modalities: z.array(
    z.object({
      modality: IndexModality,
      documents: z.number().int(),
      snippets: z.number().int(),
      images: z.number().int(),
      /** On this disk. */
      bytes: z.number().int(),
    }),
  ),
});
export type Dataset = z.infer<typeof Dataset>;

/** A state of a dataset that can be brought back. */
export const DatasetVersion = z.object({
  version: z.number().int(),
  /** ISO 8601 UTC */
  at: z.string(),
  /** What made it: "12 documents added, 3 updated". */
  note: z.string(),
  documents: z.number().int(),
  snippets: z.number().int(),
  current: z.boolean(),
});
export type DatasetVersion = z.infer<typeof DatasetVersion>;

export const RemovalKind = z.enum(['name', 'date', 'number', 'contact', 'institution', 'place', 'age']);
export type RemovalKind = z.infer<typeof RemovalKind>;

/** How often each kind of personal detail was removed. */
export const Removals = z.partialRecord(RemovalKind, z.number().int().positive());
export type Removals = z.infer<typeof Removals>;

/** A document of a dataset, with where it came from. */
export const DatasetDocument = z.object({
  id: z.string(),
  title: z.string(),
  modality: IndexModality,
  bodyRegion: z.string(),
  topic: z.string(),
  findings: z.array(z.string()),
  images: z.number().int(),
  source: z.string(),
  licence: z.string(),
  version: z.string(),
  /** The file it was read from, itself de-identified; empty for the authored ones. */
  origin: z.string(),
  /** ISO 8601 UTC */
  importedAt: z.string(),
  removals: Removals,
});
export type DatasetDocument = z.infer<typeof DatasetDocument>;

/** Which column (CSV) or field (JSONL) of a table holds what. */
export const ImportMapping = z
  .object({
    /** Columns that make the text, each a section of this kind: findings, impression, history, diagnosis, … */
    sections: z.array(z.object({ column: z.string(), kind: z.string().min(1).max(40) })).min(1),
    /** What tells one record from another; without it, its place in the file. */
    id: z.string().optional(),
    title: z.string().optional(),
    modality: z.string().optional(),
    bodyRegion: z.string().optional(),
    view: z.string().optional(),
    ageYears: z.string().optional(),
    sex: z.string().optional(),
    /** File names of images beside the table: a path, a list of paths, or a list of objects with `file`. */
    images: z.string().optional(),
  })
  .strict();
export type ImportMapping = z.infer<typeof ImportMapping>;

export const ImportRequest = z
  .object({
    /** Id of an own dataset. */
    dataset: z.string(),
    /** Absolute paths of files and folders. */
    paths: z.array(z.string()).min(1),
    /** For what does not say its modality itself. */
    modality: IndexModality.optional(),
    /** For CSV and JSONL; without it, guessed from the names of the columns. */
    mapping: ImportMapping.optional(),
    /** Off: words are indexed at once, meaning is left for a later import of the same files. */
    vectors: z.boolean().default(true),
    /** Who may use it for what, shown with each citation. */
    licence: z.string().max(120).optional(),
  })
  .strict();
export type ImportRequest = z.infer<typeof ImportRequest>;

/** What an import would do, read from the first files, nothing stored. */
export const ImportPreview = z.object({
  files: z.array(z.object({ kind: z.string(), count: z.number().int() })),
  tables: z.array(
    z.object({
      file: z.string(),
      columns: z.array(z.string()),
      /** The first rows, each value cut to 200 characters. */
      rows: z.array(z.array(z.string())),
      mapping: ImportMapping.nullable(),
    }),
  ),
  documents: z.array(
    z.object({
      title: z.string(),
      modality: IndexModality.optional(),
      file: z.string(),
      /** The text in order; what will be removed carries why. */
      pieces: z.array(z.object({ text: z.string(), removed: RemovalKind.optional() })),
      snippets: z.number().int(),
      images: z.number().int(),
    }),
  ),
  problems: z.array(Problem),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

export const ImportResult = z.object({
  dataset: z.string(),
  added: z.number().int(),
  updated: z.number().int(),
  /** There already, word for word. */
  unchanged: z.number().int(),
  snippets: z.number().int(),
  images: z.number().int(),
  removals: Removals,
  problems: z.array(Problem),
  version: z.number().int(),
});
export type ImportResult = z.infer<typeof ImportResult>;

/** What a local user may do (`access.ts` says which calls); a user has one or more. */
export const Role = z.enum(['radiologist', 'resident', 'administrator']);
export type Role = z.infer<typeof Role>;

/** The name that a user signs in with: never given twice, so that the audit trail stays unambiguous. */
export const UserName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/);

/** A local user; removed ones are kept, inactive. */
export const User = z.object({
  name: UserName,
  /** As it stands under a report. */
  fullName: z.string().trim().min(1).max(120),
  roles: z.array(Role).min(1),
  active: z.boolean(),
});
export type User = z.infer<typeof User>;

/** `open`: no local users, nobody signs in. `locked`: nothing but signing in is answered; `user` is who locked it, if anybody. */
export const SessionState = z.object({
  state: z.enum(['open', 'locked', 'signed-in']),
  user: User.pick({ name: true, fullName: true, roles: true }).nullable(),
  /** Idle minutes after which the app locks. */
  lockMinutes: z.number().int(),
});
export type SessionState = z.infer<typeof SessionState>;

/** An entry of the audit trail that is about access and not about a report. */
export const AccessEntry = z.object({
  /** ISO 8601 UTC */
  at: z.string(),
  who: z.string(),
  action: z.string(),
  /** The user that it was done to. */
  subject: z.string().nullable(),
  detail: z.string().nullable(),
});
export type AccessEntry = z.infer<typeof AccessEntry>;

/** Why a model pack may be loaded: it ships with Wetread, a trusted publisher signed it, or the user trusts this very one. */
export const PackTrust = z.object({
  kind: z.enum(['shipped', 'signed', 'accepted']),
  publisher: z.object({ name: z.string(), fingerprint: z.string() }).optional(),
});
export type PackTrust = z.infer<typeof PackTrust>;

const decided = { at: z.string(), by: z.string() };

/** What is trusted beyond what ships with Wetread, and what is there and waits for trust. Digests are SHA-256 in hexadecimal. */
export const TrustList = z.object({
  publishers: z.array(z.object({ name: z.string(), key: z.string(), fingerprint: z.string(), ...decided })),
  accepted: z.array(
    z.object({ digest: z.string(), kind: z.enum(['pack', 'knowledge']), what: z.string(), ...decided }),
  ),
  waiting: z.array(
    z.object({
      kind: z.enum(['pack', 'knowledge']),
      digest: z.string(),
      what: z.string(),
      /** Who signed it; absent where nobody did. */
      signer: z.object({ key: z.string(), fingerprint: z.string() }).optional(),
      message: z.string(),
    }),
  ),
  /** What is wrong with the list itself. */
  problem: z.string().optional(),
});
export type TrustList = z.infer<typeof TrustList>;
