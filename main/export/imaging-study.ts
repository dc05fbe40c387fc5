import type { Study } from '../../preload/values.js';
import { modalitiesOf, shown } from './content.js';
import { dateOf } from './fhir-date.js';
import type { ImagingStudy } from './fhir-schema.js';

const dcm = 'http://dicom.nema.org/resources/ontology/DCM';

/**
 * The study as an R4 ImagingStudy. UIDs that damaged files carry (empty, too long, with foreign characters) and instances without
 * a SOP class have no valid form in FHIR: they are counted, and not listed.
 */
export function imagingStudy(study: Study, subject: ImagingStudy['subject']): ImagingStudy {
  const series = study.series.filter(({ uid }) => isUid(uid));
  const modalities = modalitiesOf(study).filter(isCode);
  const referrer = shown(study.referringPhysician);
  return {
    resourceType: 'ImagingStudy',
    identifier: [
      isUid(study.uid)
        ? { system: 'urn:dicom:uid', value: `urn:oid:${study.uid}` }
        : { value: shown(study.uid) ?? 'unknown' },
      ...accession(study),
    ],
    status: 'available',
    modality: modalities.length > 0 ? modalities.map((code) => ({ system: dcm, code })) : undefined,
    subject,
    started: dateOf(study.date),
    referrer: referrer ? { display: referrer } : undefined,
    numberOfSeries: study.series.length,
    numberOfInstances: study.series.reduce((sum, { instances }) => sum + instances.length, 0),
    description: shown(study.description),
    series: series.length > 0 ? series.map(seriesOf) : undefined,
  };
}

function seriesOf(series: Study['series'][number]): NonNullable<ImagingStudy['series']>[number] {
  const instances = series.instances.flatMap(({ uid, sopClass, number }) =>
    isUid(uid) && sopClass && isUid(sopClass)
      ? [
          {
            uid,
            sopClass: { system: 'urn:ietf:rfc:3986', code: `urn:oid:${sopClass}` },
            number: unsigned(number),
          },
        ]
      : [],
  );
  const bodyPart = shown(series.bodyPart);
  return {
    uid: series.uid,
    number: unsigned(series.number),
    modality: { system: dcm, code: isCode(series.modality) ? series.modality : 'OT' },
    description: shown(series.description),
    numberOfInstances: series.instances.length,
    bodySite: bodyPart ? { display: bodyPart } : undefined,
    instance: instances.length > 0 ? instances : undefined,
  };
}

function accession(study: Study): ImagingStudy['identifier'] {
  const value = shown(study.accession);
  const type = {
    coding: [
      { system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN', display: 'Accession ID' },
    ],
  };
  return value ? [{ type, value }] : [];
}

/** DICOM PS3.5 section 9.1. */
function isUid(uid: string): boolean {
  return uid.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/.test(uid);
}

/** DICOM PS3.5 value representation CS. */
function isCode(modality: string): boolean {
  return /^[A-Z0-9_]{1,16}$/.test(modality);
}

/** InstanceNumber may be negative in DICOM; R4 has no such numbers. */
function unsigned(number: number | undefined): number | undefined {
  return number !== undefined && number >= 0 ? number : undefined;
}
