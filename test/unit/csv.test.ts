import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvText } from '../../domain/csv.ts';

const read = (text: string): string[][] => parse(text, { bom: true, relax_column_count: true });

test.for([
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '  =1',
  '＝1+1',
  '=cmd|"/c calc"!A1',
  '-2+3+cmd|" /C calc"!A0',
])('%j is text to a spreadsheet', (value) => {
  expect(read(csvText([[value, 'x']]))[0]).toEqual([`'${value}`, 'x']);
});

test('numbers stay numbers, below zero too', () => {
  expect(csvText([['-12.50', '0', '25000.00']])).toBe('\uFEFF-12.50,0,25000.00\r\n');
});

test('whatever is written is read back, but for the apostrophe, and no cell begins a formula', () => {
  const cells = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), {
    minLength: 1,
    maxLength: 5,
  });
  const isFormula = (text: string): boolean =>
    /^\s*[=+\-@]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text);
  fc.assert(
    fc.property(cells, (row) => {
      const [found = []] = read(csvText([row]));
      const plain = found.map((text, index) => (text === `'${row[index]}` ? row[index] : text));
      expect(plain).toEqual(row);
      expect(found.filter(isFormula)).toEqual([]);
    }),
  );
});
