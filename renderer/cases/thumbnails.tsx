import { caseAddress, imagesShown } from './case-address.js';

interface Props {
  dataset: string;
  document: string;
  images: number;
  /** Of the case, for who cannot see the images. */
  title: string;
  /** No more than these. */
  most?: number;
}

/** The images of a stored document, small and as they are. */
export function Thumbnails({ dataset, document, images, title, most = images }: Props) {
  return imagesShown(Math.min(images, most)).map((n) => (
    <img
      key={n}
      className="case-image"
      src={caseAddress(dataset, document, n)}
      alt={`${title}, ${n + 1} of ${images}`}
      loading="lazy"
      draggable={false}
      data-testid="case-image"
    />
  ));
}
