/** Why a part cannot start, as one sentence that says what to do. Shown without a stack trace. */
const startProblemCodes = [
  'port_in_use',
  'disk_full',
  'foreign_version',
  'already_running',
  'not_installed',
  'not_ready',
  'configuration',
] as const;
type StartProblemCode = (typeof startProblemCodes)[number];

export class StartProblem extends Error {
  readonly code: StartProblemCode;
  constructor(code: StartProblemCode, sentence: string) {
    super(sentence);
    this.name = 'StartProblem';
    this.code = code;
  }
}
