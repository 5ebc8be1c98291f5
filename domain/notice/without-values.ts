/** What a message says where others than its reader may read: what it is about, and nothing of whom or how much. */
import type { NoticeParams, NoticeValue } from '../loop.ts';

const hidden = '…';

/** Shown as they are: words of the catalogue, times, counts, and names of countries and languages. */
function isEverybodys(value: NoticeValue): boolean {
  if (typeof value === 'number') return true;
  if (typeof value === 'string') return false;
  return ['term', 'instant', 'day', 'country', 'language'].some((kind) => kind in value);
}

/** The same sentence can be filled with them, and tells no name, title, account or amount. */
export const withoutValues = (params: NoticeParams): NoticeParams =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shown(value)]));

function shown(value: NoticeValue): NoticeValue {
  if (typeof value === 'object' && 'sentence' in value) {
    return { ...value, params: withoutValues(value.params) };
  }
  if (!isEverybodys(value)) return hidden;
  // Whose clock it is beside the reader's is a name, too.
  return typeof value === 'object' && 'instant' in value ? { instant: value.instant } : value;
}
