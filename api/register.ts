/** Every operation of the API, joined to the parts it works with. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { addressee } from '../db/notices.ts';
import { createWorldLoader } from '../db/planning-world.ts';
import { sentenceValues } from '../db/sentence-values.ts';
import { present } from '../domain/assert.ts';
import { phrase, recipientFor } from '../locales/render.ts';
import { registerCalendarFile } from './absences/replace-calendar.ts';
import { actionOperations } from './accounts/routes.ts';
import { absenceOperations } from './absences/routes.ts';
import type { AssignmentParts } from './assignments/parts.ts';
import { assignmentOperations } from './assignments/routes.ts';
import { type AskedOf, bind } from './bind.ts';
import { changeOperations } from './changes/routes.ts';
import { approvalOperations } from './budget-lines/approvals.ts';
import { registerBudgetCsv } from './budget-lines/csv.ts';
import { budgetLineOperations } from './budget-lines/operations.ts';
import { commentOperations } from './comments/routes.ts';
import { channelOperations } from './channels/channel-operations.ts';
import { exchangeOperations } from './exchange/routes.ts';
import { fairnessOperations } from './fairness/routes.ts';
import { bindFile } from './files.ts';
import { feedbackOperations } from './feedback/routes.ts';
import { planOperations } from './development-plans/routes.ts';
import { listFlags, listFlagsRoute } from './flags/list-flags.ts';
import { feedOperations } from './calendar-feeds/feed-operations.ts';
import { serveFeeds } from './calendar-feeds/serve-feeds.ts';
import { digestOperations } from './digests/routes.ts';
import { registerDirectoryFile } from './directory-file.ts';
import { directoryReads } from './directory/routes.ts';
import type { ApiEnvironment, ApiParts } from './environment.ts';
import { growthOperations } from './growth/routes.ts';
import { createHandoffGateway } from './handoffs/gateway.ts';
import type { HandoffParts } from './handoffs/parts.ts';
import { handoffAdditions, handoffCommands, handoffReads } from './handoffs/routes.ts';
import { alertOperations } from './alerts/routes.ts';
import { budgetRequestOperations } from './budget-requests/routes.ts';
import { registerAttachments } from './budget-requests/serve-attachments.ts';
import { coverOperations } from './covers/routes.ts';
import { delegationOperations } from './delegations/operations.ts';
import { holidayOperations } from './holidays/routes.ts';
import { mailRoutes } from './mail/schema.ts';
import { opportunityOperations } from './opportunities/routes.ts';
import { noticeOperations } from './notices/routes.ts';
import { outlookOperations } from './outlook/routes.ts';
import { practiceOperations } from './practices/routes.ts';
import { preferenceOperations } from './preferences/routes.ts';
import { rateOperations } from './rates/operations.ts';
import { replyOperations } from './replies/reply-operations.ts';
import { meetingFile } from './quarterly-reviews/meeting-file.ts';
import { reviewOperations } from './quarterly-reviews/routes.ts';
import { rotationOperations } from './rotations/operations.ts';
import { scorecardOperations } from './scorecard/routes.ts';
import type { AuditParts } from './skill-audits/parts.ts';
import { auditOperations } from './skill-audits/routes.ts';
import { auditFiles } from './skill-audits/table-files.ts';
import { trainingOperations } from './trainings/training-operations.ts';
import { listTasks, listTasksRoute } from './tasks/list-tasks.ts';
import { findSlot, findSlotRoute } from './working-time/find-slot.ts';
import { webhookOperations } from './webhooks/routes.ts';
import { readWorkingTime, readWorkingTimeRoute } from './working-time/read-working-time.ts';

export function registerOperations(
  app: OpenAPIHono<ApiEnvironment>,
  parts: ApiParts,
  handoffs: HandoffParts,
): void {
  bind(app, listTasksRoute, (asked) => listTasks(parts, asked));
  for (const { route, run } of Object.values(handoffReads)) {
    bind(app, route, (asked: AskedOf) => run(handoffs, asked));
  }
  for (const { route, run } of Object.values(handoffCommands)) {
    bind(app, route, (asked: AskedOf) => run(handoffs, asked));
  }
  for (const { route, run } of Object.values(handoffAdditions)) {
    bind(app, route, (asked: AskedOf) => run(handoffs, asked));
  }
  for (const { route, run } of Object.values(directoryReads)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  const times = { ...parts, tell: handoffs.tell };
  bind(app, readWorkingTimeRoute, (asked) => readWorkingTime(times, asked));
  bind(app, listFlagsRoute, (asked) => listFlags(times, asked));
  bind(app, findSlotRoute, (asked) => findSlot(times, asked));
  for (const { route, run } of Object.values(fairnessOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(scorecardOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(changeOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(absenceOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(feedOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(holidayOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(rotationOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(alertOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(exchangeOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(digestOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(coverOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(delegationOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(practiceOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  // Before the lines by their id, which their table is not.
  registerBudgetCsv(app, parts);
  bind(app, approvalOperations.read.route, (asked) => approvalOperations.read.run(parts, asked));
  const ofMoney = [...Object.values(rateOperations), ...Object.values(budgetLineOperations)];
  for (const { route, run } of ofMoney) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(budgetRequestOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  registerAssignments(app, times);
  registerGrowth(app, times);
  for (const { route, run } of Object.values(outlookOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(noticeOperations)) {
    bind(app, route, (asked: AskedOf) => run(times, asked));
  }
  for (const { route, run } of Object.values(channelOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(actionOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values({ ...commentOperations, ...replyOperations })) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(preferenceOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(webhookOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const route of mailRoutes) app.openAPIRegistry.registerPath(route);
  registerAttachments(app, parts);
  registerCalendarFile(app, parts);
  serveFeeds(app, parts);
  registerDirectoryFile(app, parts);
}

/** Of opportunities and trainings too, which lead to them. */
function registerAssignments(app: OpenAPIHono<ApiEnvironment>, parts: AssignmentParts): void {
  for (const { route, run } of Object.values(assignmentOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(opportunityOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(trainingOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
}

/** How people are seen, what they can do, and the audits of it. */
function registerGrowth(
  app: OpenAPIHono<ApiEnvironment>,
  parts: AuditParts & Pick<ApiParts, 'publicUrl'>,
): void {
  for (const { route, run } of Object.values(feedbackOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(growthOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(reviewOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  for (const { route, run } of Object.values(planOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
  bindFile(app, meetingFile, parts);
  for (const file of Object.values(auditFiles)) bindFile(app, file, parts);
  for (const { route, run } of Object.values(auditOperations)) {
    bind(app, route, (asked: AskedOf) => run(parts, asked));
  }
}

export const handoffParts = ({
  db,
  clock,
  loops,
  startDeliveries,
}: Pick<ApiParts, 'db' | 'clock' | 'loops' | 'startDeliveries'>): HandoffParts => ({
  db,
  clock,
  startDeliveries,
  handoffs: createHandoffGateway(loops),
  loadWorld: createWorldLoader(),
  async tell(reader, sentences) {
    const recipient = recipientFor(present(await addressee(db, reader), 'the reader'));
    const values = await sentenceValues(
      db,
      sentences.map(({ params }) => params),
    );
    return sentences.map(({ key }, index) => phrase(key, values[index] ?? {}, recipient));
  },
});
