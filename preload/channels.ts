/** The channels between preload and app. */
export const channels = {
  call: 'wetread:call',
  app: 'wetread:app',
  event: 'wetread:event',
  dropped: 'wetread:dropped',
} as const;
