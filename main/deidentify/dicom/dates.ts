const dayMs = 86_400_000;

/** Moves the date of a DA or DT value (PS3.5 6.2) back by whole days; its time and zone stay. Undefined where it is no whole date, or holds more than that. */
export function shiftDate(value: string, daysBack: number): string | undefined {
  const [, year = '', month = '', day = '', rest = ''] =
    value.trim().match(/^(\d{4})[.]?(\d\d)[.]?(\d\d)((?:\d\d){0,3}(?:\.\d{1,6})?(?:[+-]\d{4})?)$/) ?? [];
  if (!year) return undefined;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(at);
  if (date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day)) return undefined;
  const shifted = new Date(at - daysBack * dayMs).toISOString();
  return shifted.slice(0, 10).replaceAll('-', '') + rest;
}
