import { expect, test } from 'vitest';
import { files } from './source.ts';

const fileLinesMax = 400;
const functionLinesMax = 70;

test(`a file has at most ${fileLinesMax} lines`, () => {
  const long = files
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > fileLinesMax)
    .map(
      ({ path, lines }) => `${path} has ${lines} lines: it holds more than one idea, so split it`,
    );
  expect(long).toEqual([]);
});

test(`a function has at most ${functionLinesMax} lines`, () => {
  const long = files
    .filter(({ layer }) => layer !== 'test' && layer !== 'bench')
    .flatMap(({ path, functions }) =>
      functions
        .filter(({ lines }) => lines > functionLinesMax)
        .map(
          ({ name, line, lines }) =>
            `${path}:${line}: ${name} has ${lines} lines: give its steps names of their own`,
        ),
    );
  expect(long).toEqual([]);
});
