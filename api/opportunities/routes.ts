/** Every operation on opportunities. */
import { draftOpportunity, draftOpportunityRoute } from './draft-opportunity.ts';
import {
  expressInterest,
  expressInterestRoute,
  withdrawInterest,
  withdrawInterestRoute,
} from './express-interest.ts';
import {
  closeOpportunity,
  closeOpportunityRoute,
  publishOpportunity,
  publishOpportunityRoute,
} from './move-opportunity.ts';
import {
  listOpportunities,
  listOpportunitiesRoute,
  readOpportunity,
  readOpportunityRoute,
} from './read-opportunities.ts';
import { suggestPeople, suggestPeopleRoute } from './suggest-people.ts';

export const opportunityOperations = {
  draft: { route: draftOpportunityRoute, run: draftOpportunity },
  list: { route: listOpportunitiesRoute, run: listOpportunities },
  read: { route: readOpportunityRoute, run: readOpportunity },
  publish: { route: publishOpportunityRoute, run: publishOpportunity },
  close: { route: closeOpportunityRoute, run: closeOpportunity },
  interest: { route: expressInterestRoute, run: expressInterest },
  withdrawInterest: { route: withdrawInterestRoute, run: withdrawInterest },
  suggest: { route: suggestPeopleRoute, run: suggestPeople },
} as const;
