/**
 * The parts of FHIR R4 (4.0.1) that we write, strictly: a property that is not here is not written. The types of what
 * fhir.ts builds; the tests read exports back with them.
 */
import { z } from 'zod';

// Primitive types as R4 defines them (hl7.org/fhir/R4/datatypes.html), kept to the forms we write.
const text = z.string().regex(/\S/);
const uri = z.string().regex(/^\S+$/);
const id = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/);
const code = z.string().regex(/^\S+( \S+)*$/);
const date = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/);
const instant = z.iso.datetime();
const count = z.number().int().nonnegative();

const Coding = z.object({ system: uri.optional(), code: code.optional(), display: text.optional() }).strict();
const CodeableConcept = z
  .object({ coding: z.array(Coding).min(1).optional(), text: text.optional() })
  .strict();
const Identifier = z
  .object({ type: CodeableConcept.optional(), system: uri.optional(), value: text })
  .strict();
/** Resources of the same bundle, by their fullUrl. */
const Reference = z.object({ reference: z.string().regex(/^urn:uuid:/) }).strict();
/** Somebody who is known only by name. */
const NamedReference = z.object({ display: text }).strict();
const HumanName = z
  .object({ text, family: text.optional(), given: z.array(text).min(1).optional() })
  .strict();
const Narrative = z.object({ text }).strict();

export const Patient = z
  .object({
    resourceType: z.literal('Patient'),
    identifier: z.array(Identifier).min(1).optional(),
    name: z.array(HumanName).min(1).optional(),
    gender: z.enum(['male', 'female', 'other']).optional(),
    birthDate: date.optional(),
  })
  .strict();
export type Patient = z.infer<typeof Patient>;

export const Practitioner = z
  .object({ resourceType: z.literal('Practitioner'), name: z.array(HumanName).min(1) })
  .strict();
export type Practitioner = z.infer<typeof Practitioner>;

export const ImagingStudy = z
  .object({
    resourceType: z.literal('ImagingStudy'),
    identifier: z.array(Identifier).min(1),
    status: z.literal('available'),
    modality: z.array(Coding).min(1).optional(),
    subject: Reference,
    started: date.optional(),
    referrer: NamedReference.optional(),
    numberOfSeries: count,
    numberOfInstances: count,
    description: text.optional(),
    series: z
      .array(
        z
          .object({
            uid: id,
            number: count.optional(),
            modality: Coding,
            description: text.optional(),
            numberOfInstances: count,
            bodySite: Coding.optional(),
            instance: z
              .array(z.object({ uid: id, sopClass: Coding, number: count.optional() }).strict())
              .min(1)
              .optional(),
          })
          .strict(),
      )
      .min(1)
      .optional(),
  })
  .strict();
export type ImagingStudy = z.infer<typeof ImagingStudy>;

export const Observation = z
  .object({
    resourceType: z.literal('Observation'),
    status: z.enum(['preliminary', 'final']),
    category: z.array(CodeableConcept).min(1),
    code: CodeableConcept,
    subject: Reference,
    effectiveDateTime: date.optional(),
    performer: z.array(Reference).min(1).optional(),
    valueCodeableConcept: CodeableConcept,
    interpretation: z.array(CodeableConcept).min(1),
    note: z.array(Narrative).min(1),
    bodySite: CodeableConcept.optional(),
    derivedFrom: z.array(Reference).min(1),
  })
  .strict();
export type Observation = z.infer<typeof Observation>;

export const DiagnosticReport = z
  .object({
    resourceType: z.literal('DiagnosticReport'),
    identifier: z.array(Identifier).min(1),
    status: z.enum(['partial', 'preliminary', 'final', 'appended']),
    category: z.array(CodeableConcept).min(1),
    code: CodeableConcept,
    subject: Reference,
    effectiveDateTime: date.optional(),
    issued: instant,
    resultsInterpreter: z.array(Reference).min(1).optional(),
    result: z.array(Reference).min(1).optional(),
    imagingStudy: z.array(Reference).min(1),
    conclusion: text.optional(),
    presentedForm: z
      .array(
        z
          .object({
            contentType: code,
            language: code,
            data: z.base64(),
            title: text,
            creation: instant,
          })
          .strict(),
      )
      .min(1),
  })
  .strict();
export type DiagnosticReport = z.infer<typeof DiagnosticReport>;

export const Resource = z.discriminatedUnion('resourceType', [
  Patient,
  Practitioner,
  ImagingStudy,
  Observation,
  DiagnosticReport,
]);
export type Resource = z.infer<typeof Resource>;

export const Bundle = z
  .object({
    resourceType: z.literal('Bundle'),
    type: z.literal('collection'),
    timestamp: instant,
    entry: z
      .array(z.object({ fullUrl: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/), resource: Resource }).strict())
      .min(1),
  })
  .strict();
export type Bundle = z.infer<typeof Bundle>;
