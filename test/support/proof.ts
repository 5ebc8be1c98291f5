/** One proof, two sizes: small in `npm test`, full in `npm run proof` (MERIDIAN_PROOF=1). */
export const isProof = process.env['MERIDIAN_PROOF'] === '1';

export const proofSize = (small: number, full: number): number => (isProof ? full : small);

/** The same in every `npm test`; another in every proof, unless MERIDIAN_SEED repeats one. */
export const proofSeed = Number(
  process.env['MERIDIAN_SEED'] ?? (isProof ? Date.now() % 2 ** 31 : 1),
);

/** What a proof's log must say, so that it can be repeated. */
export function reportProof(what: string, n: number): void {
  process.stdout.write(`proof: ${what}: n = ${n}, seed = ${proofSeed}\n`);
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = Math.trunc(seed);
  return () => {
    state = Math.trunc(state + 0x6d2b79f5);
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
