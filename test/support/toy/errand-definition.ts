import { defineLoop } from '../../../activities/loop-record.ts';
import { errandPlan, errandRules } from './errand.ts';
import { errandRecord, type ErrandHooks } from './errand-record.ts';

export const errandDefinition = (hooks: ErrandHooks = {}) =>
  defineLoop({ rules: errandRules, plan: errandPlan, record: errandRecord(hooks) });
