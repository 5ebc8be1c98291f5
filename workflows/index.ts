/** Every workflow a worker runs. */
export { handoff } from './handoff/workflow.ts';
