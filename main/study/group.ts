import type { Instance, Problem, Series, Study } from '../../preload/values.js';
import type { Scanned } from './scan.js';

export type ScannedInstance = Extract<Scanned, { kind: 'instance' }>;

/** Groups objects of one identity each into studies and series by UID, series by number, slices by geometry. */
export function groupStudies(scanned: readonly ScannedInstance[]): Study[] {
  const studies = new Map<string, Study>();
  const seriesOf = new Map<string, Series>();
  for (const { source, study: tags, series: seriesTags, instance, problem } of scanned) {
    let study = studies.get(tags.uid);
    if (!study) {
      study = { ...tags, source, series: [], problems: [] };
      studies.set(tags.uid, study);
    } else fillGaps(study, tags);
    const key = `${tags.uid}\n${seriesTags.uid}`;
    let series = seriesOf.get(key);
    if (!series) {
      series = { ...seriesTags, instances: [] };
      seriesOf.set(key, series);
      study.series.push(series);
    }
    series.instances.push(instance);
    if (problem) study.problems.push(problem);
  }
  for (const study of studies.values()) {
    study.series.sort((a, b) => compare(a.number, b.number) || compareText(a.uid, b.uid));
    for (const series of study.series) series.instances = sortInstances(series.instances);
  }
  return [...studies.values()];
}

/** A later object may say what the first left out (an indication is often on one of the two views only). */
function fillGaps(study: Study, tags: ScannedInstance['study']): void {
  study.time ??= tags.time;
  study.date ??= tags.date;
  study.description ??= tags.description;
  study.accession ??= tags.accession;
  study.indication ??= tags.indication;
  study.referringPhysician ??= tags.referringPhysician;
  study.institution ??= tags.institution;
}

/** Adds problems that are not of one study only. */
export function dedupeProblems(problems: readonly Problem[]): Problem[] {
  const byFile = new Map(problems.map((problem) => [`${problem.file}\n${problem.code}`, problem]));
  return [...byFile.values()];
}

const compare = (a: number | undefined, b: number | undefined) =>
  (a ?? Number.MAX_SAFE_INTEGER) - (b ?? Number.MAX_SAFE_INTEGER);

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Along the normal of the slices where all lie parallel at different places (PS3.3 C.7.6.2.1.1), else by instance number.
 */
export function sortInstances(instances: readonly Instance[]): Instance[] {
  const byNumber = [...instances].sort((a, b) => compare(a.number, b.number) || compareText(a.uid, b.uid));
  const normal = commonNormal(byNumber);
  if (!normal) return byNumber;
  const along = ({ positionMm = [0, 0, 0] }: Instance) =>
    positionMm[0] * normal[0] + positionMm[1] * normal[1] + positionMm[2] * normal[2];
  const places = byNumber.map(along);
  const span =
    places.reduce((high, place) => Math.max(high, place)) -
    places.reduce((low, place) => Math.min(low, place));
  if (!(span >= 0.01)) return byNumber;
  return byNumber
    .map((instance, index) => ({ instance, place: places[index] ?? 0 }))
    .sort((a, b) => (Math.abs(a.place - b.place) > 0.001 ? a.place - b.place : 0))
    .map(({ instance }) => instance);
}

function commonNormal(instances: readonly Instance[]): [number, number, number] | undefined {
  const first = instances[0]?.orientation;
  if (instances.length < 2 || first?.length !== 6) return undefined;
  for (const { orientation, positionMm } of instances)
    if (
      !positionMm ||
      orientation?.length !== 6 ||
      orientation.some((value, i) => Math.abs(value - (first[i] ?? 0)) > 0.01)
    )
      return undefined;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = first;
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}
