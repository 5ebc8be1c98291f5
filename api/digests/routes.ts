/** Every operation on digests; how often they come is said with the preferences. */
import { previewDigest, previewDigestRoute } from './preview-digest.ts';

export const digestOperations = {
  preview: { route: previewDigestRoute, run: previewDigest },
} as const;
