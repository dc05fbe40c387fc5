import type { Instance, Series, Study } from '../../../preload/values.js';

export const instance = (uid: string, over: Partial<Instance> = {}): Instance => ({
  uid,
  file: `${uid}.dcm`,
  rows: 2000,
  columns: 2000,
  frames: 1,
  imageType: [],
  photometric: 'MONOCHROME2',
  view: 'frontal',
  hasPixels: true,
  ...over,
});

export const series = (modality: string, instances: Instance[], over: Partial<Series> = {}): Series => ({
  uid: `series-${modality}`,
  modality,
  instances,
  ...over,
});

export const study = (all: Series[], over: Partial<Study> = {}): Study => ({
  uid: '1.2.3',
  source: 'dicom',
  patient: {},
  series: all,
  problems: [],
  ...over,
});
