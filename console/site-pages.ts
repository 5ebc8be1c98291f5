/** Every page beside those of tasks. */
import { accountPage, accountsPage } from './accounts.ts';
import { budgetApprovalsPage } from './budget-approvals.ts';
import { budgetAskPage } from './budget-ask.ts';
import { budgetLinePage, budgetLinesPage } from './budget-lines.ts';
import { budgetOpenPage } from './budget-open.ts';
import { competenciesPage, personCompetenciesPage } from './competencies.ts';
import { curiosityPage } from './curiosity.ts';
import { delegationsPage } from './delegations.ts';
import { offerPage } from './offer.ts';
import { planAssignPage, planTermsPage } from './development-plan-pages.ts';
import { plansPage } from './development-plans.ts';
import { digestPreviewPage } from './digest-preview.ts';
import { exchangeBalancePage } from './exchange-balance.ts';
import { opportunityPage } from './opportunity.ts';
import { placementsPage } from './placements.ts';
import { changePage, draftPage, proposePage } from './terms-pages.ts';
import { heldRepliesPage } from './held-replies.ts';
import { libraryPage } from './library.ts';
import { raiseAlertPage, requestCoverPage, startRotationPage } from './account-asks.ts';
import { mailOffPage } from './mail-off.ts';
import { preferencesPage } from './preferences.ts';
import { planChangePage } from './plan-change.ts';
import { plannedChangePage, plannedChangesPage } from './planned-changes.ts';
import { practicePreviewPage } from './practice-preview.ts';
import { rewritePracticePage, writePracticePage } from './practice-write.ts';
import { reviewsPage } from './quarterly-reviews.ts';
import { recognitionPage } from './recognition.ts';
import { scorecardPage } from './scorecard.ts';
import { flagsPage } from './red-flags.ts';
import { feedbackRoundsPage } from './feedback-rounds.ts';
import { skillAuditsPage } from './skill-audits.ts';
import type { SitePage } from './site-page.ts';
import { trainingsPage } from './trainings.ts';
import { unreachedPage } from './unreached.ts';
import { translationsPage } from './translation-figures.ts';

export const sitePages: readonly SitePage[] = [
  preferencesPage,
  mailOffPage,
  heldRepliesPage,
  accountsPage,
  accountPage,
  budgetLinesPage,
  // Before the page of a line, whose address is like it.
  budgetAskPage,
  budgetOpenPage,
  budgetApprovalsPage,
  budgetLinePage,
  placementsPage,
  // Before the page of an offer, whose address is like it.
  draftPage,
  opportunityPage,
  proposePage,
  changePage,
  libraryPage,
  writePracticePage,
  rewritePracticePage,
  practicePreviewPage,
  plansPage,
  planTermsPage,
  planAssignPage,
  reviewsPage,
  digestPreviewPage,
  exchangeBalancePage,
  recognitionPage,
  translationsPage,
  unreachedPage,
  competenciesPage,
  personCompetenciesPage,
  trainingsPage,
  skillAuditsPage,
  feedbackRoundsPage,
  curiosityPage,
  delegationsPage,
  offerPage,
  plannedChangesPage,
  planChangePage,
  plannedChangePage,
  raiseAlertPage,
  requestCoverPage,
  startRotationPage,
  scorecardPage,
  flagsPage,
];
