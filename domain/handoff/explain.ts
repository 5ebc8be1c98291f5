/** Why a handoff stands where it stands, and what the clock does next: sentences of the catalogue. */
import { present } from '../assert.ts';
import type { Holdable } from '../hold.ts';
import type { PersonId } from '../id.ts';
import type { HoldEvent, Instant, Moment, NoticeParams, Sentence } from '../loop.ts';
import { waitOf } from './decide.ts';
import type { HandoffCommand, HandoffEvent, HandoffState } from './state.ts';

const sentence = (name: string, params: NoticeParams): Sentence => ({
  key: `handoff.explain.${name}`,
  params,
});

/** Where it stands and why, who owns the account meanwhile, and each next step of the clock. */
export function explainHandoff(
  { state, heldSince }: Holdable<HandoffState>,
  moments: readonly Moment<HandoffCommand>[],
): readonly Sentence[] {
  if (state.status === 'transferred' || state.status === 'bounced') {
    const custodian = present(state.custodian, 'who owns it now');
    return [sentence(state.status, { person: named(custodian), ...at(state.changedAt) })];
  }
  const giver = { giver: named(state.giver) };
  if (state.status === 'dropped') {
    const { elsewhere, changedAt } = state;
    return elsewhere === null
      ? [sentence('dropped', at(changedAt))]
      : [sentence('overtaken', { ...at(changedAt), person: named(elsewhere) })];
  }
  if (state.status === 'withdrawn') {
    return [sentence('withdrawn', { ...giver, ...at(state.changedAt) })];
  }
  return [
    ...(heldSince === null ? [] : [sentence('held', at(heldSince))]),
    ...standing(state),
    sentence('owner', giver),
    ...(heldSince === null ? moments.map(nextStep) : []),
  ];
}

const at = (instant: Instant): NoticeParams => ({ at: { instant } });
const named = (person: PersonId) => ({ person });

function standing(state: HandoffState): readonly Sentence[] {
  const wait = waitOf(state);
  if (wait === null) return [sentence('waits_next', { receiver: named(state.receiver) })];
  const waited = { person: named(wait.person), ...at(wait.since) };
  const { asked, readBack, confirmation } = state;
  if (state.status === 'questioned') {
    const asker = named(present(asked, 'who asked').person);
    return [sentence('waits_answer', { ...waited, asker })];
  }
  if (state.status === 'readBack') {
    const reader = named(present(readBack, 'the read-back').by);
    const name = confirmation?.isEscalated ? 'waits_confirm_escalated' : 'waits_confirm';
    return [sentence(name, { ...waited, giver: named(state.giver), reader })];
  }
  return [
    sentence('waits_read_back', waited),
    ...callOf(state, waited),
    sentence(`asked_${state.rung}`, {
      person: named(wait.person),
      giver: named(state.giver),
      receiver: named(state.receiver),
    }),
  ];
}

const callOf = ({ call, giver }: HandoffState, waited: NoticeParams): readonly Sentence[] =>
  call ? [sentence('call', { ...waited, giver: named(giver), ...at(call.startsAt) })] : [];

function nextStep({ at: instant, command }: Moment<HandoffCommand>): Sentence {
  const to = 'to' in command ? command.to : undefined;
  const whom = to ?? ('person' in command ? command.person : null);
  const params = { ...at(instant), ...(whom !== null && { person: named(whom) }) };
  const isOvertaken = command.type === 'drop' && command.to !== undefined;
  return sentence(`next_${isOvertaken ? 'overtake' : snakeCase(command.type)}`, params);
}

/** What happened, as the timeline tells it. */
export function timelineSentence(event: HandoffEvent | HoldEvent): Sentence {
  const isOvertaken = event.type === 'dropped' && event.to !== undefined;
  const key = `handoff.timeline.${isOvertaken ? 'overtaken' : snakeCase(event.type)}`;
  const people = Object.entries(event).filter(([name]) => peopleOfEvents.includes(name));
  const params = Object.fromEntries(
    people.flatMap(([name, id]) => (id === null ? [] : [[name, named(id as PersonId)]])),
  );
  return {
    key,
    params: {
      ...params,
      ...('percent' in event && { percent: event.percent }),
      ...('startsAt' in event && at(event.startsAt)),
    },
  };
}

const peopleOfEvents: readonly string[] = ['by', 'from', 'to', 'person', 'giver', 'receiver'];

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
