/** Line icons on a 16 × 16 grid; always beside a word or inside a control with a label. */
const paths = {
  accept: 'M3 8.5l3.2 3.2L13 5',
  reject: 'M4 4l8 8M12 4l-8 8',
  edit: 'M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3 3 13z',
  restore: 'M4 4v3.5h3.5M4.3 7.3A4.5 4.5 0 1 1 4.6 11',
  add: 'M8 3v10M3 8h10',
  proposed: 'M8 4.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6z',
  flag: 'M8 2.5l6 10.5H2L8 2.5zM8 6.5v3M8 11.2v.3',
  image: 'M2.5 3.5h11v9h-11zM2.5 10.5l3-3 2.5 2.5 2-2 3.5 3.5M10.5 6v.2',
  evidence: 'M3.5 2.5h6l3 3v8h-9zM9.5 2.5v3h3M5.5 8.5h5M5.5 11h5',
  both: 'M2.5 8.5l3 3L9 6.5M8 11l.8.6L13.5 6',
  none: 'M4 8h8',
  template: 'M2.5 3.5h11v9h-11zM5 6.5h6M5 9.5h3',
  draft: 'M3.5 13.5v-11h6l3 3v8zM5.5 7h5M5.5 9.5h5',
  preliminary: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.5',
  final: 'M4 7V5.2a4 4 0 0 1 8 0V7M3.5 7h9v6.5h-9zM8 9.5v1.8',
  search: 'M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.5 3.5',
  folder: 'M2 4h4l1.5 1.5H14v7H2z',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  list: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  window: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  zoom: 'M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.5 3.5M5 7h4M7 5v4',
  pan: 'M8 2v12M2 8h12M6.5 3.5L8 2l1.5 1.5M6.5 12.5L8 14l1.5-1.5M3.5 6.5L2 8l1.5 1.5M12.5 6.5L14 8l-1.5 1.5',
  length: 'M2.5 13.5l11-11M2 11l3 3M11 2l3 3M6.5 7l1 1M8.5 9',
  invert: 'M3 3h10v10H3zM3 13L13 3v10z',
  one: 'M2.5 3h11v10h-11z',
  two: 'M2.5 3h11v10h-11zM8 3v10',
  heat: 'M8 2.5c2 2.5 4 4 4 7a4 4 0 0 1-8 0c0-1.6.8-2.6 1.6-3.4.3 1.2.9 1.7 1.4 1.9-.3-2 .2-4 1-5.5z',
  help: 'M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M8 12v.3',
  stop: 'M4.5 4.5h7v7h-7z',
  export: 'M8 10V2.5M5 5.2L8 2.5l3 2.7M3 9.5v4h10v-4',
  info: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 7.2v3.8M8 4.9v.3',
  database:
    'M3 4.2c0-1 2.2-1.7 5-1.7s5 .7 5 1.7-2.2 1.7-5 1.7-5-.7-5-1.7zM3 4.2v7.6c0 1 2.2 1.7 5 1.7s5-.7 5-1.7V4.2M3 8c0 1 2.2 1.7 5 1.7S13 9 13 8',
  share:
    'M4.5 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM11.5 2.4a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM11.5 10a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM6.1 7.1l3.8-2M6.1 8.9l3.8 2',
  away: 'M4.8 12.5h6.4a2.6 2.6 0 0 0 .5-5.1 4 4 0 0 0-7.4-.9M4.8 12.5a2.9 2.9 0 0 1-1-5.5M2.5 2.5l11 11',
  trash: 'M3 4.5h10M6.2 4.5V3h3.6v1.5M4.2 4.5l.6 9h6.4l.6-9M6.7 7v4M9.3 7v4',
  refresh: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.8h-2.8',
  import: 'M8 2.5V10M5 7.3L8 10l3-2.7M3 9.5v4h10v-4',
  history: 'M8 2.5a5.5 5.5 0 1 1-5.2 3.7M2.5 3.5v3h3M8 5v3.2l2.2 1.5',
  cases: 'M5.5 5.5h8v8h-8zM3.5 11h-1V2.5H11v1',
  larger: 'M9.5 2.5h4v4M13.5 2.5l-4.5 4.5M6.5 13.5h-4v-4M2.5 13.5L7 9',
  smaller: 'M13 7H9V3M9 7l4.5-4.5M3 9h4v4M7 9l-4.5 4.5',
  back: 'M7 3.5L2.5 8 7 12.5M2.5 8h11',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
