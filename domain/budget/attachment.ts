/** What may be attached to a request: judged by its bytes, kept under a name that can do no harm. */
export const attachmentBytesMax = 5 * 1024 * 1024;
/** Of one request, together. */
export const attachmentsBytesMax = 20 * 1024 * 1024;
export const attachmentsMax = 10;
export const attachmentNameLengthMax = 120;

interface Kind {
  readonly mediaType: string;
  readonly ending: string;
  /** Its first bytes. */
  readonly begins: readonly number[];
}

/** As their own specifications have it: ISO 32000-2, the PNG specification, ISO/IEC 10918-1. */
const kinds: readonly Kind[] = [
  { mediaType: 'application/pdf', ending: '.pdf', begins: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  {
    mediaType: 'image/png',
    ending: '.png',
    begins: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  },
  { mediaType: 'image/jpeg', ending: '.jpg', begins: [0xff, 0xd8, 0xff] },
];

export const attachmentTypes = kinds.map(({ mediaType }) => mediaType);

export interface NamedAttachment {
  readonly name: string;
  readonly mediaType: string;
}

/** Null for what is none of the kinds, whatever its name says. */
export function attachmentOf(name: string, bytes: Uint8Array): NamedAttachment | null {
  const kind = kinds.find(({ begins }) => begins.every((byte, index) => bytes[index] === byte));
  return kind ? { name: safeName(name, kind.ending), mediaType: kind.mediaType } : null;
}

/** Only the last part of a path; letters, digits and a few signs; the ending of what it is. */
function safeName(name: string, ending: string): string {
  const last = name.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const stem = last
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N}\p{M} _().-]+/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '');
  const room = attachmentNameLengthMax - ending.length;
  // Never through the middle of a letter that takes two code units.
  const short = stem.slice(0, room).replace(/[\uD800-\uDBFF]$/, '');
  return `${short === '' ? 'attachment' : short}${ending}`;
}
