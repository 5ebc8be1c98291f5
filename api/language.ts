/** In which language a stranger is told what went wrong. */
import { matchLocale } from '../locales/catalogue.ts';
import { recipientFor, type Recipient } from '../locales/render.ts';

const headerLettersRead = 200;
const range = /^([a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:;q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?))?$/i;

/** The language they like best among ours (RFC 9110, `Accept-Language`), on no clock in particular. */
export function strangerOf(acceptLanguage: string | undefined): Recipient {
  const wanted = (acceptLanguage ?? '')
    .slice(0, headerLettersRead)
    .split(',')
    .flatMap((text) => {
      const [, tag, weight = '1'] = range.exec(text.replaceAll(/\s/g, '')) ?? [];
      return tag === undefined || Number(weight) === 0 ? [] : [{ tag, weight: Number(weight) }];
    })
    .toSorted((a, b) => b.weight - a.weight);
  const ours = wanted.find(({ tag }) => matchLocale(tag) !== null);
  return recipientFor({ locale: ours?.tag ?? null, zone: 'Etc/UTC' });
}
