import { defineLoop } from '../../../activities/loop-record.ts';
import { nextErrandRules } from './errand-next.ts';
import { errandPlan, errandRules } from './errand.ts';
import { errandRecord, type ErrandHooks } from './errand-record.ts';

export const errandDefinition = (hooks: ErrandHooks = {}) =>
  defineLoop({ rules: errandRules, plan: errandPlan, record: errandRecord(hooks) });

export const nextErrandDefinition = () =>
  defineLoop({ rules: nextErrandRules, plan: errandPlan, record: errandRecord() });
