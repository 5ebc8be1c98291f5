/** Text cut to what a chat takes, between what a reader sees as letters. */
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** By code units, as chats count them. */
export function cutTo(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length >= lengthMax) break;
    kept += segment;
  }
  return `${kept}…`;
}
