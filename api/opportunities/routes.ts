/** Every operation on opportunities. */
import { draftOpportunity, draftOpportunityRoute } from './draft-opportunity.ts';
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
  suggest: { route: suggestPeopleRoute, run: suggestPeople },
} as const;
