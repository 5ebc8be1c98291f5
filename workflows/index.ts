/** Every workflow a worker runs. */
export { handoff } from './handoff/workflow.ts';
export { maintenance } from './maintenance.ts';
