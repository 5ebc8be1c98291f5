/** Working time as loops plan with it: a limit is a refusal that a person reads. */
import { assert } from '../assert.ts';
import type { WorkingTime } from '../loop.ts';
import { Refusal, problem } from '../problem.ts';
import { type TimeLimit, type WorkingClock, isLimit } from './working-time.ts';

export const asWorkingTime = (clock: WorkingClock): WorkingTime => ({
  isWorking: (at) => clock.isWorking(at),
  nextWorking: (at) => answered(clock.nextWorking(at)),
  add: (from, minutes) => answered(clock.add(from, minutes)),
  between: (from, to) => answered(clock.between(from, to)),
});

function answered(answer: number | TimeLimit): number {
  if (!isLimit(answer)) return answer;
  assert(answer.reason !== 'invalid', 'working time is asked about with numbers');
  const code = answer.reason === 'neverWorking' ? 'person.no_working_time' : 'time.horizon';
  throw new Refusal(problem(code));
}
