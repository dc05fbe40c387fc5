/** Address of a document's image, a JPEG of at most 192 pixels a side. */
export const caseAddress = (dataset: string, document: string, image: number): string =>
  `wetread://case/${encodeURIComponent(dataset)}/${encodeURIComponent(document)}/${image}`;

/** A case rarely has more; a folder of a whole series would fill the panel. */
const most = 8;

/** The numbers of the images that are shown of so many. */
export const imagesShown = (images: number): number[] =>
  Array.from({ length: Math.min(images, most) }, (_none, index) => index);
