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

/** A retrieved snippet with everything that speaks for it. */
export const Snippet = z.object({
  id: z.string(),
  document: z.string(),
  title: z.string(),
  text: z.string(),
  modality: IndexModality,
  bodyRegion: z.string().optional(),
  kind: z.string().optional(),
  source: z.string(),
  licence: z.string(),
  version: z.string(),
  /** Fused score, 0…1, and what it was fused from (absent: that way did not find it). */
  score: z.number(),
  scores: z.object({
    text: z.number().optional(),
    image: z.number().optional(),
    bm25: z.number().optional(),
  }),
});
export type Snippet = z.infer<typeof Snippet>;

export const DocumentHit = z.object({
  id: z.string(),
  title: z.string(),
  score: z.number(),
  scores: z.object({
    text: z.number().optional(),
    image: z.number().optional(),
    bm25: z.number().optional(),
  }),
});
export type DocumentHit = z.infer<typeof DocumentHit>;

export const Evidence = z.object({
  modality: IndexModality.optional(),
  query: z.string(),
  documents: z.array(DocumentHit),
  snippets: z.array(Snippet),
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
});
export type Progress = z.infer<typeof Progress>;
