/** The side effects of the maintenance workflow; apart, since tests of loops run without it. */
import { remindTrainings } from '../db/trainings.ts';
import {
  type AnnounceParts,
  createAnnounceCalendarChanges,
  createTellLoopsOfChange,
} from './calendar-changes.ts';
import { createFollowAlerts } from './alert/follow-alerts.ts';
import { createOfferUnused } from './budget/offer-unused.ts';
import { type CollectParts, createCollectDigests } from './digest/collect.ts';
import { createApplyChanges } from './change/apply-changes.ts';
import { createOpenCovers } from './cover/open-covers.ts';
import { createOpenDelegations } from './delegation/open-delegations.ts';
import { createPromptMarkets } from './exchange/prompt-markets.ts';
import { createOpenHolidayReviews } from './holiday-review/open-reviews.ts';
import { createLookAhead } from './outlook/look-ahead.ts';
import { createProposeTranslations, type ProposeParts } from './practice/propose-translations.ts';
import { createTellRecalls } from './practice/tell-recalls.ts';
import { createReconcile, type ReconcileParts } from './reconcile.ts';
import { createOpenQuarters } from './quarterly-review/open-reviews.ts';
import { createStartOpenings } from './start-openings.ts';
import { createRemoveUnusedTexts } from './unused-texts.ts';
import { createOpenAudits } from './skill-audit/open-audits.ts';
import { createSweepWebhooks } from './start-webhooks.ts';
import { createSweepNotices, type DeliveryParts } from './start-delivery.ts';

export const createMaintenanceActivities = (
  parts: ReconcileParts & DeliveryParts & AnnounceParts & CollectParts & ProposeParts,
) => ({
  applyChanges: createApplyChanges(parts),
  announceCalendarChanges: createAnnounceCalendarChanges(parts),
  tellLoopsOfChange: createTellLoopsOfChange(parts),
  tellRecalls: createTellRecalls(parts),
  sweepNotices: createSweepNotices(parts),
  sweepWebhooks: createSweepWebhooks(parts),
  reconcileLoops: createReconcile(parts),
  proposeTranslations: createProposeTranslations(parts),
  startOpenings: createStartOpenings(parts),
  followAlerts: createFollowAlerts(parts),
  openCovers: createOpenCovers(parts),
  openDelegations: createOpenDelegations(parts),
  openHolidayReviews: createOpenHolidayReviews(parts),
  openQuarters: createOpenQuarters(parts),
  offerUnused: createOfferUnused(parts),
  promptMarkets: createPromptMarkets(parts),
  openAudits: createOpenAudits(parts),
  lookAhead: createLookAhead(parts),
  collectDigests: createCollectDigests(parts),
  remindTrainings: () => remindTrainings(parts.db, parts.clock.now()),
  removeUnusedTexts: createRemoveUnusedTexts(parts),
});
