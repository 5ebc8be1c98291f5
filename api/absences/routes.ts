/** Every operation on absences. */
import { enterAbsence, enterAbsenceRoute } from './enter-absence.ts';
import { listAbsences, listAbsencesRoute } from './list-absences.ts';
import { removeAbsence, removeAbsenceRoute } from './remove-absence.ts';

export const absenceOperations = {
  list: { route: listAbsencesRoute, run: listAbsences },
  enter: { route: enterAbsenceRoute, run: enterAbsence },
  remove: { route: removeAbsenceRoute, run: removeAbsence },
} as const;
