/** Every operation on assignments. */
import { enterHours, enterHoursRoute } from './enter-hours.ts';
import { listAssignments, listAssignmentsRoute } from './list-assignments.ts';
import { proposeAssignment, proposeAssignmentRoute } from './propose-assignment.ts';
import { proposeMeeting, proposeMeetingRoute } from './propose-meeting.ts';
import {
  previewAssignment,
  previewAssignmentRoute,
  previewChange,
  previewChangeRoute,
} from './preview-assignment.ts';
import {
  explainAssignment,
  explainAssignmentRoute,
  readAssignment,
  readAssignmentRoute,
} from './read-assignment.ts';
import { readLending, readLendingRoute } from './read-lending.ts';
import { assignmentSteps } from './take-step.ts';

export const assignmentOperations = {
  propose: { route: proposeAssignmentRoute, run: proposeAssignment },
  list: { route: listAssignmentsRoute, run: listAssignments },
  preview: { route: previewAssignmentRoute, run: previewAssignment },
  previewChange: { route: previewChangeRoute, run: previewChange },
  explain: { route: explainAssignmentRoute, run: explainAssignment },
  read: { route: readAssignmentRoute, run: readAssignment },
  hours: { route: enterHoursRoute, run: enterHours },
  meet: { route: proposeMeetingRoute, run: proposeMeeting },
  lending: { route: readLendingRoute, run: readLending },
  ...assignmentSteps,
} as const;
