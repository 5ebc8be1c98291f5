/** The ways a skill audit can go, each told from its start to its end. */
import {
  type AuditStory,
  director,
  lead,
  manager,
  munich,
  startsAudit,
  stranger,
  tokyo,
  tokyoLead,
} from './audit-story.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Life = (world: World) => Promise<Pick<AuditStory, 'workflowId'>>;

const day = 86_400_000;

/** Everybody is rated: the last one ends it. */
const closed: Life = async (world) => {
  const audit = await startsAudit(world);
  for (const who of munich) await audit.rates(manager, who, 'intermediate');
  await audit.rates(tokyoLead, tokyo[0]!, 'beginner');
  await audit.send({ type: 'skip', actor: tokyoLead, person: tokyo[1]!, reason: 'tooNew' });
  for (const who of [lead, manager, tokyoLead, stranger]) {
    await audit.rates(director, who, 'advanced');
  }
  await audit.rates(lead, director, 'advanced');
  return audit;
};

/** Reminded, passed on, and ended by the clock. */
const lapsed: Life = async (world) => {
  const audit = await startsAudit(world);
  await world.advance(22 * day);
  return audit;
};

const cancelled: Life = async (world) => {
  const audit = await startsAudit(world);
  await audit.rates(manager, munich[0]!, 'beginner');
  await audit.send({ type: 'cancel', actor: lead });
  return audit;
};

export const auditLives = { closed, lapsed, cancelled } as const;

/** Held and resumed until its run is continued as a new one, where the server suggests that early. */
export const continuedAudit: Life = async (world) => {
  const audit = await startsAudit(world);
  const runOf = async (): Promise<string> =>
    (await world.client.workflow.getHandle(audit.workflowId).describe()).runId;
  const first = await runOf();
  await until('a new run goes on with it', async () => {
    await audit.send({ type: 'hold', actor: lead });
    await audit.send({ type: 'resume', actor: lead });
    return (await runOf()) !== first;
  });
  await audit.send({ type: 'cancel', actor: lead });
  return audit;
};
