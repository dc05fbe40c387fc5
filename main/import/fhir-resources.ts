import { z } from 'zod';

/*
 * What the import uses of FHIR R4 resources (and of R5 where it renamed a field). Servers differ: a field that is not as it should be
 * counts as absent.
 */

const mostEntries = 1000;
const words = z.string().trim().min(1).optional().catch(undefined);
const list = <T extends z.ZodType>(entry: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((entries) =>
      entries.slice(0, mostEntries).flatMap((one): z.output<T>[] => {
        const parsed = entry.safeParse(one);
        return parsed.success ? [parsed.data] : [];
      }),
    );
const soft = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const Coding = z.object({ system: words, code: words, display: words });
export const Concept = z.object({ text: words, coding: list(Coding) });
export type Concept = z.infer<typeof Concept>;
const Identifier = z.object({ value: words });
export const Reference = z.object({ reference: words, display: words, identifier: soft(Identifier) });
export type Reference = z.infer<typeof Reference>;
const Name = z.object({ text: words, family: words, given: list(z.string()) });
const Telecom = z.object({ value: words });
const Address = z.object({ text: words, line: list(z.string()), city: words, postalCode: words });
const Quantity = z.object({ value: soft(z.number()), unit: words, code: words, comparator: words });
const Narrative = z.object({ status: words, div: words });
const Note = z.object({ text: words });
const Period = z.object({ start: words });

export const DiagnosticReport = z.object({
  id: words,
  identifier: list(Identifier),
  status: words,
  category: list(Concept),
  code: soft(Concept),
  subject: soft(Reference),
  encounter: soft(Reference),
  effectiveDateTime: words,
  effectivePeriod: soft(Period),
  issued: words,
  performer: list(Reference),
  resultsInterpreter: list(Reference),
  basedOn: list(Reference),
  result: list(Reference),
  imagingStudy: list(Reference),
  study: list(Reference),
  conclusion: words,
  conclusionCode: list(Concept),
  presentedForm: list(z.object({ contentType: words, data: words, title: words })),
  text: soft(Narrative),
  contained: z.array(z.unknown()).catch([]),
});
export type DiagnosticReport = z.infer<typeof DiagnosticReport>;

const Observed = {
  code: soft(Concept),
  valueString: words,
  valueQuantity: soft(Quantity),
  valueCodeableConcept: soft(Concept),
  valueInteger: soft(z.number()),
  valueBoolean: soft(z.boolean()),
};
const Observation = z.object({
  ...Observed,
  bodySite: soft(Concept),
  component: list(z.object(Observed)),
  note: list(Note),
});
const Person = z.object({
  name: list(Name),
  identifier: list(Identifier),
  telecom: list(Telecom),
  address: list(Address),
  birthDate: words,
  gender: words,
});
const Organization = z.object({ name: words, alias: list(z.string()), identifier: list(Identifier) });
const ImagingStudy = z.object({
  identifier: list(Identifier),
  modality: list(Coding),
  series: list(
    z.object({
      modality: soft(z.union([Coding, Concept.transform(({ coding }) => coding[0])])),
      bodySite: soft(z.union([Coding, Concept.transform(({ coding }) => coding[0])])),
    }),
  ),
  description: words,
});
const ServiceRequest = z.object({
  identifier: list(Identifier),
  reasonCode: list(Concept),
  note: list(Note),
  requester: soft(Reference),
});
const Entry = z.object({ fullUrl: words, resource: z.object({ resourceType: z.string() }).loose() });
export const Bundle = z.object({ entry: z.array(z.unknown()).catch([]) });

/** Any resource. */
export const AnyResource = z.object({ resourceType: z.string(), id: words }).loose();
export type AnyResource = z.infer<typeof AnyResource>;

/** What other resources tell of a report, by what refers to them. */
export interface Told {
  /** Names, numbers and addresses. */
  known: string[];
  /** As written: YYYY, YYYY-MM or YYYY-MM-DD. */
  birthDate?: string | undefined;
  sex?: 'M' | 'F' | 'O' | undefined;
  /** An observation in words. */
  statement?: string | undefined;
  modality?: string | undefined;
  bodyRegion?: string | undefined;
  indication?: string | undefined;
}

const present = (values: readonly (string | undefined)[]) => values.filter((value) => value !== undefined);

/** Meaning of a concept in words. */
export const meaningOf = (concept: Concept | undefined): string | undefined =>
  concept?.text ?? concept?.coding.find(({ display }) => display)?.display;

/** What a resource tells of the reports that refer to it; undefined for a type that tells nothing. */
export function toldBy(resource: AnyResource): Told | undefined {
  switch (resource.resourceType) {
    case 'Patient':
    case 'RelatedPerson':
    case 'Practitioner':
    case 'Person':
      return person(resource);
    case 'Organization':
    case 'Location': {
      const { name, alias, identifier } = Organization.parse(resource);
      return { known: present([name, ...alias, ...identifier.map(({ value }) => value)]) };
    }
    case 'Observation':
      return { known: [], statement: statementOf(resource) };
    case 'ImagingStudy': {
      const { identifier, modality, series, description } = ImagingStudy.parse(resource);
      return {
        known: present(identifier.map(({ value }) => value)),
        modality:
          modality[0]?.code ?? series.find((one) => one.modality?.code)?.modality?.code ?? description,
        bodyRegion: series.find((one) => one.bodySite?.display)?.bodySite?.display ?? description,
      };
    }
    case 'ServiceRequest': {
      const { identifier, reasonCode, note, requester } = ServiceRequest.parse(resource);
      return {
        known: present([...identifier.map(({ value }) => value), requester?.display]),
        indication:
          present([...reasonCode.map(meaningOf), ...note.map(({ text }) => text)]).join('. ') || undefined,
      };
    }
    case 'Encounter':
      return {
        known: present(
          z
            .object({ identifier: list(Identifier) })
            .parse(resource)
            .identifier.map(({ value }) => value),
        ),
      };
    default:
      return undefined;
  }
}

function person(resource: AnyResource): Told {
  const { name, identifier, telecom, address, birthDate, gender } = Person.parse(resource);
  const sexes: Readonly<Record<string, 'M' | 'F' | 'O'>> = { male: 'M', female: 'F', other: 'O' };
  return {
    known: present([
      ...name.flatMap(({ text, family, given }) => [
        family || given.length > 0 ? `${family ?? ''}^${given.join(' ')}` : undefined,
        text,
      ]),
      ...identifier.map(({ value }) => value),
      ...telecom.map(({ value }) => value),
      ...address.flatMap(({ text, line, city, postalCode }) => [text, ...line, city, postalCode]),
    ]),
    ...(resource.resourceType === 'Patient' && { birthDate, sex: sexes[gender ?? ''] }),
  };
}

function statementOf(resource: AnyResource): string | undefined {
  const { component, bodySite, note, ...own } = Observation.parse(resource);
  const site = meaningOf(bodySite);
  const lines = [own, ...component].flatMap((one) => {
    const name = meaningOf(one.code);
    const value = valueIn(one);
    if (value === undefined) return [];
    return [name ? `${name}${site ? ` (${site})` : ''}: ${value}` : value];
  });
  return [...lines, ...present(note.map(({ text }) => text))].join('\n') || undefined;
}

function valueIn(
  observed: Pick<z.infer<typeof Observation>, Exclude<keyof typeof Observed, 'code'>>,
): string | undefined {
  const { valueString, valueQuantity, valueCodeableConcept, valueInteger, valueBoolean } = observed;
  if (valueString !== undefined) return valueString;
  if (valueQuantity?.value !== undefined)
    return `${valueQuantity.comparator ?? ''}${valueQuantity.value} ${valueQuantity.unit ?? valueQuantity.code ?? ''}`.trim();
  if (valueInteger !== undefined) return String(valueInteger);
  if (valueBoolean !== undefined) return valueBoolean ? 'yes' : 'no';
  return meaningOf(valueCodeableConcept);
}

/** The resources of a bundle with the URLs that they are referred to by. */
export function entriesOf(resource: AnyResource): { url: string | undefined; resource: AnyResource }[] {
  return Bundle.parse(resource).entry.flatMap((one) => {
    const parsed = Entry.safeParse(one);
    const inner = parsed.success ? AnyResource.safeParse(parsed.data.resource) : undefined;
    return parsed.success && inner?.success ? [{ url: parsed.data.fullUrl, resource: inner.data }] : [];
  });
}

/** Resources by what refers to them: `#id`, `Type/id`, a URL that ends so, `urn:uuid:…`. */
export class Context {
  readonly #told = new Map<string, Told>();

  get size(): number {
    return this.#told.size;
  }

  add(resource: AnyResource, url?: string): void {
    const told = toldBy(resource);
    if (told === undefined) return;
    if (url !== undefined) this.#told.set(url, told);
    if (resource.id !== undefined) this.#told.set(`${resource.resourceType}/${resource.id}`, told);
  }

  find(reference: string | undefined): Told | undefined {
    if (reference === undefined) return undefined;
    const relative = /[A-Za-z]+\/[A-Za-z0-9.-]{1,64}(?=(?:\/_history\/[^/]+)?$)/.exec(reference)?.[0];
    return this.#told.get(reference) ?? (relative === undefined ? undefined : this.#told.get(relative));
  }
}
