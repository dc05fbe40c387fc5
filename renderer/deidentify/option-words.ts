import type { DeidentifyOption } from '../../preload/values.js';

/** What each option keeps or cleans, for the user, in the order in which they are shown. */
export const optionWords: readonly { option: DeidentifyOption; title: string; hint: string }[] = [
  {
    option: 'descriptors',
    title: 'Keep descriptions, cleaned',
    hint: 'Names, dates and numbers are taken out of them by rules.',
  },
  {
    option: 'structured-content',
    title: 'Keep structured reports, cleaned',
    hint: 'Without it their content is removed.',
  },
  {
    option: 'modified-dates',
    title: 'Keep dates, shifted',
    hint: 'All dates of a patient go back by the same number of days, one year to ten.',
  },
  { option: 'full-dates', title: 'Keep dates as they are', hint: '' },
  { option: 'patient', title: 'Keep age, sex, size and weight', hint: '' },
  { option: 'device', title: 'Keep the device', hint: '' },
  { option: 'institution', title: 'Keep the institution', hint: '' },
  { option: 'uids', title: 'Keep UIDs', hint: 'Who has the original can find the patient by them.' },
  {
    option: 'safe-private',
    title: 'Keep safe private attributes',
    hint: 'Those that the standard lists, numbers only.',
  },
  { option: 'graphics', title: 'Keep drawn annotations, cleaned', hint: '' },
];

/** The chosen options after one was switched; dates are kept whole or shifted, not both. */
export function switched(
  chosen: ReadonlySet<DeidentifyOption>,
  option: DeidentifyOption,
): Set<DeidentifyOption> {
  const next = new Set(chosen);
  if (next.delete(option)) return next;
  next.add(option);
  if (option === 'full-dates') next.delete('modified-dates');
  if (option === 'modified-dates') next.delete('full-dates');
  return next;
}
