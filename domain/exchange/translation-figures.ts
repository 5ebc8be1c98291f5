/** Whether a machine helps with translations in a region: its results beside what people did alone (F26). */
import { type Figure, figure, hiddenFigure, noFigure } from '../fairness/figures.ts';
import { groupSizeMin } from '../fairness/small-groups.ts';
import type { RegionId } from '../id.ts';

/** Of the texts that were decided upon in a quarter, by what they began with. */
export interface DecidedTexts {
  readonly unchanged: number;
  readonly edited: number;
  readonly refused: number;
  /** Median from the first text to its approval; null where none was approved. */
  readonly hours: number | null;
}

export interface TranslationCounts {
  readonly region: RegionId;
  readonly name: string;
  readonly isOn: boolean;
  /** Who work there now. */
  readonly people: number;
  readonly machine: DecidedTexts;
  readonly person: DecidedTexts;
}

export interface TranslationFigures {
  readonly machineUnchanged: Figure;
  readonly machineEdited: Figure;
  readonly machineRefused: Figure;
  readonly machineHours: Figure;
  readonly personApproved: Figure;
  readonly personRefused: Figure;
  readonly personHours: Figure;
}

/** Nothing is shown of fewer than five people: a number would be somebody's. */
export function translationFigures({
  people,
  machine,
  person,
}: TranslationCounts): TranslationFigures {
  const isShown = people >= groupSizeMin;
  const count = (texts: number, name: string): Figure =>
    isShown ? figure(texts, `exchange.translations.${name}`, { texts }) : hiddenFigure;
  return {
    machineUnchanged: count(machine.unchanged, 'machine_unchanged'),
    machineEdited: count(machine.edited, 'machine_edited'),
    machineRefused: count(machine.refused, 'machine_refused'),
    machineHours: isShown ? hoursFigure(machine, 'machine_hours') : hiddenFigure,
    personApproved: count(person.unchanged, 'person_approved'),
    personRefused: count(person.refused, 'person_refused'),
    personHours: isShown ? hoursFigure(person, 'person_hours') : hiddenFigure,
  };
}

function hoursFigure({ hours }: DecidedTexts, name: string): Figure {
  if (hours === null) return noFigure('exchange.translations.no_hours');
  const whole = Math.round(hours);
  return figure(whole, `exchange.translations.${name}`, { hours: whole });
}
