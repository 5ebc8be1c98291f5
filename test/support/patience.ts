/** In place of the product's limits, whose work is tried again where a busy machine was too slow for it. */
export const patience = { statementTimeoutMs: 60_000, transactionTimeoutMs: 60_000 } as const;
