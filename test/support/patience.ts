/** For whoever stands in for a worker, which tries again what a busy machine was too slow for. */
export const patience = { statementTimeoutMs: 60_000, transactionTimeoutMs: 60_000 } as const;
