/** Every loop the engine records. */
import { handoffRules } from '../domain/handoff/decide.ts';
import { handoffPlan } from '../domain/handoff/plan.ts';
import { handoffRecord } from './handoff/record.ts';
import { defineLoop, type AnyLoopDefinition } from './loop-record.ts';

export const loops: Readonly<Record<string, AnyLoopDefinition>> = {
  handoff: defineLoop({ rules: handoffRules, plan: handoffPlan, record: handoffRecord }),
};
