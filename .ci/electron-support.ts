/** Until when a version of Electron gets security fixes. */

/** A major release every eight weeks; the newest three are supported (electronjs.org/docs/latest/tutorial/electron-timelines). */
const cadenceMs = 8 * 7 * 86_400_000;
const supported = 3;
/** A known major release, from which the others are counted (the day is the npm registry's). */
const anchor = { major: 45, day: Date.parse('2026-10-21') };

/** The day support of this version's major line ends, by the published cadence; give or take a few weeks of holidays. */
export function supportEnds(version: string): Date {
  const major = Number(version.split('.')[0]);
  return new Date(anchor.day + (major - anchor.major + supported) * cadenceMs);
}
