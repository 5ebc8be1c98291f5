/** What every command to a loop has in common: it is sent once, and a repeat answers as the first did. */
import { createRoute, type z } from '@hono/zod-openapi';
import type { Database } from '../db/client.ts';
import type { Actor } from '../domain/authority.ts';
import type { ContentId, LoopId } from '../domain/id.ts';
import type { ByPerson, Command, Instant } from '../domain/loop.ts';
import { actingAs } from './authorise.ts';
import type { Asked } from './directory/parts.ts';
import type { LoopGateway } from './loop-gateway.ts';
import { tellCommitted } from './tell-committed.ts';
import { writeContent } from './write-content.ts';

/** Where a loop runs, and which update carries each of its commands. */
export interface LoopAddress {
  readonly workflow: string;
  workflowId(id: LoopId): string;
  readonly updates: Readonly<Record<string, { readonly name: string }>>;
}

export interface LoopStepParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly loops: Pick<LoopGateway, 'start' | 'send'>;
}

/** Of the one transition that opens a loop. */
const opening = 'open';

export const openLoop = (
  parts: LoopStepParts,
  { workflow, workflowId }: LoopAddress,
  { id, command }: { readonly id: LoopId; command(): Promise<Command> },
): Promise<void> =>
  tellCommitted(parts, { id, commandId: opening }, async () => {
    const envelope = { commandId: opening, command: await command(), at: parts.clock.now() };
    await parts.loops.start({ workflow, workflowId: workflowId(id), loopId: id, envelope });
  });

interface SentStep {
  readonly id: LoopId;
  readonly commandId: string;
  readonly seen?: number | undefined;
  command(): Promise<Command>;
}

export const sendStep = (
  parts: LoopStepParts,
  { workflowId, updates }: LoopAddress,
  { id, commandId, seen, command: commandOf }: SentStep,
): Promise<void> =>
  tellCommitted(parts, { id, commandId }, async () => {
    const command = await commandOf();
    const at = parts.clock.now();
    await parts.loops.send({
      loopId: id,
      workflowId: workflowId(id),
      update: updates[command.type]?.name ?? '',
      envelope: { commandId, command, at, ...(seen !== undefined && { seen }) },
    });
  });

/** A request that changes something; `commandId` is the same whenever it is repeated. */
export interface Commanded<Input> extends Asked<Input> {
  readonly commandId: string;
  /** The revision that was decided upon (`If-Match`). */
  readonly seen?: number | undefined;
}

interface Routes<Path extends string, Params, Answer> {
  readonly path: Path;
  /** Of the operation, such as `Cover` of `takeCover`. */
  readonly noun: string;
  readonly tag: string;
  readonly params: Params;
  readonly answer: Answer;
  readonly description: string;
}

const camelCase = (verb: string): string =>
  verb.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());

/** `POST PATH/{id}/VERB`, answered with what it was done to as it then stands. */
export const stepRoutes =
  <Path extends string, Params extends z.ZodObject, Answer extends z.ZodType>(
    routes: Routes<Path, Params, Answer>,
  ) =>
  <Verb extends string, Body extends z.ZodType>(verb: Verb, summary: string, body: Body) =>
    createRoute({
      method: 'post',
      path: `${routes.path}/{id}/${verb}`,
      operationId: `${camelCase(verb)}${routes.noun}`,
      tags: [routes.tag],
      summary,
      request: {
        params: routes.params,
        body: { required: true, content: { 'application/json': { schema: body } } },
      },
      responses: {
        200: {
          description: routes.description,
          content: { 'application/json': { schema: routes.answer } },
        },
      },
    });

export interface StepInput {
  readonly id: string;
  readonly onBehalfOf?: string | undefined;
}

/** What a command is made of. */
interface Taken<Row> {
  readonly by: ByPerson;
  readonly row: Row;
  /** Keeps words before the command that refers to them. */
  write(kind: string, body: object): Promise<ContentId>;
}

interface Steps<Parts, Row, Shown> {
  readonly address: LoopAddress;
  seen(parts: Parts, actor: Actor, id: LoopId): Promise<Row>;
  show(parts: Parts, actor: Actor, id: LoopId): Promise<Shown>;
  /** What whoever was slower reads in place of a refusal that says less. */
  refused?(parts: Parts, error: unknown, asked: Asked<StepInput>): Promise<never>;
}

/** Seen, sent, and shown as it now stands. Whether they may is the record's to say. */
export const stepTaker =
  <C extends Command, Parts extends LoopStepParts, Row, Shown>({
    address,
    seen: seenBy,
    show,
    refused,
  }: Steps<Parts, Row, Shown>) =>
  async (
    parts: Parts,
    { actor, input, commandId, seen }: Commanded<StepInput>,
    commandOf: (taken: Taken<Row>) => Promise<C> | C,
  ): Promise<Shown> => {
    const id = input.id as LoopId;
    const row = await seenBy(parts, actor, id);
    const by = actingAs(actor, input.onBehalfOf);
    const write = (kind: string, body: object): Promise<ContentId> =>
      writeContent(parts, { actor, commandId }, { kind, body });
    const command = async () => commandOf({ by, row, write });
    const sent = sendStep(parts, address, { id, commandId, seen, command });
    await (refused
      ? sent.catch((error: unknown) => refused(parts, error, { actor, input }))
      : sent);
    return show(parts, actor, id);
  };
