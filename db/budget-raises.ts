/** What a higher amount would be decided by: as a new request for the whole of it, with today's policy and people. */
import { sql } from 'kysely';
import { peopleOf } from '../domain/budget/seats.ts';
import type { Instalment, RaisedRoute, RequestKind } from '../domain/budget/state.ts';
import type { LoopId, PersonId, RegionId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { minorMax } from '../domain/money.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { policyOf } from './budget-policies.ts';
import { convertedInLine, decidersOf, lately, rulesFor } from './budget-submissions.ts';
import type { Query } from './client.ts';

interface AskedRaise {
  readonly id: LoopId;
  readonly instalment: number;
  readonly minor: string;
  /** Whether more than the line has is asked for; of an exception it always is. */
  readonly isException: boolean;
  /** Whoever asks, in whose name too. */
  readonly raisedBy: readonly PersonId[];
}

type PreparedRaise =
  | { readonly ok: true; readonly route: RaisedRoute }
  | { readonly ok: false; readonly problem: Problem };

export async function prepareRaise(
  query: Query,
  { id, instalment, minor, raisedBy, ...asked }: AskedRaise,
  at: Instant,
): Promise<PreparedRaise> {
  const known = await granted(query, id);
  if (!known) return { ok: false, problem: problem('request.not_found') };
  const { requester, region, zone, kind, involvesProfessionals, currency } = known;
  const instalments = known.instalments.map((one, index) =>
    index === instalment ? { ...one, minor } : one,
  );
  const sum = instalments.reduce((all, one) => all + BigInt(one.minor), 0n);
  if (sum > minorMax) return { ok: false, problem: problem('money.too_large') };
  const inLine = await convertedInLine(query, { currency, instalments, region }, at);
  if (inLine.inLine > minorMax) return { ok: false, problem: problem('money.too_large') };
  const policy = await policyOf(query, {
    region: { id: region, zone },
    at,
    currency: inLine.lineCurrency,
  });
  if ('code' in policy) return { ok: false, problem: policy };
  const others = await lately(query, { requester, currency: inLine.lineCurrency, at, but: id });
  const request = { requester, region, kind, involvesProfessionals, minor: inLine.inLine };
  const { rules: ruled, isSplit } = rulesFor(policy, request, others);
  const askedBy = [...raisedBy, ...(known.submittedBy === null ? [] : [known.submittedBy])];
  const isException = known.isException || asked.isException;
  const found = await decidersOf(query, {
    requester,
    askedBy,
    region,
    isException,
    rules: ruled,
    approver: policy.exceptionApprover,
  });
  if ('code' in found) return { ok: false, problem: found };
  const { rules, live } = found;
  const routed = String(isSplit ? inLine.inLine + others : inLine.inLine);
  const steps = live.map(peopleOf);
  const route = { policy: policy.version, rules, routed, isSplit, steps };
  return { ok: true, route: { ...route, ...(isException && { isException }) } };
}

interface Granted {
  readonly requester: PersonId;
  readonly submittedBy: PersonId | null;
  readonly region: RegionId;
  readonly zone: string;
  readonly kind: RequestKind;
  readonly involvesProfessionals: boolean;
  readonly isException: boolean;
  readonly currency: string;
  readonly instalments: readonly Omit<Instalment, 'spent'>[];
}

async function granted(query: Query, id: LoopId): Promise<Granted | null> {
  const { rows } = await sql<Granted>`
    SELECT b.requester_id AS requester, b.region_id AS region, g.zone, b.kind, b.currency,
      b.involves_professionals AS "involvesProfessionals", b.is_exception AS "isException",
      l.state #>> '{state,submittedBy}' AS "submittedBy",
      (SELECT jsonb_agg(jsonb_build_object('line', i.line_id, 'due', i.due_on::text,
          'minor', i.amount::text) ORDER BY i.position)
        FROM budget_instalment i WHERE i.request_id = b.id) AS instalments
    FROM budget_request b JOIN region g ON g.id = b.region_id
    JOIN loop_instance l ON l.id = b.id WHERE b.id = ${id}`.execute(query);
  return rows[0] ?? null;
}
