/** How ten languages write units, powers of ten and comparisons, as far as a rule can hold them together. */
import { plain } from '../text/plain-text.ts';

/** By sign: how else it is written. A name that ends in a Latin letter ends a word. */
const units: Readonly<Record<string, string>> = {
  '%': '٪|percent|per cent|prozent|pour cent|por ciento|por cento|パーセント|퍼센트|प्रतिशत|بالمئة|بالمائة|في المئة|في المائة',
  '‰': '',
  km: 'كم|किमी|公里|千米|キロメートル|킬로미터',
  m: 'متر|मीटर|米|メートル|미터|meter|meters|metre|metres|metern|metro|metros|mètre|mètres',
  cm: 'سم|سنتيمتر|सेमी|厘米|センチメートル|센티미터',
  mm: 'مم|ملم|مليمتر|ملليمتر|मिमी|मिलीमीटर|毫米|ミリメートル|밀리미터',
  µm: 'um|μm|微米|マイクロメートル|마이크로미터|ميكرومتر',
  nm: '纳米|ナノメートル|나노미터',
  l: 'لتر|लीटर|升|リットル|리터|liter|liters|litern|litre|litres|litro|litros',
  dl: 'ديسيلتر|分升|デシリットル|데시리터',
  ml: 'مل|मिली|मिलीलीटर|毫升|ミリリットル|밀리리터',
  µl: 'ul|μl|微升|マイクロリットル|마이크로리터',
  kg: 'كغ|كجم|كيلوغرام|किग्रा|किलोग्राम|公斤|千克|キログラム|킬로그램',
  g: 'غم|جم|غرام|جرام|ग्राम|克|グラム|그램|gram|grams|gramm|gramme|grammes|gramo|gramos|grama|gramas',
  mg: 'ملغ|ملجم|مجم|مليغرام|ملليغرام|ملليجرام|ميليغرام|मिग्रा|मिलीग्राम|毫克|ミリグラム|밀리그램',
  µg: 'ug|μg|mcg|माइक्रोग्राम|微克|マイクログラム|마이크로그램|ميكروغرام',
  ng: '纳克|ナノグラム|나노그램|نانوغرام',
  pg: '',
  mol: '摩尔|モル|몰|مول',
  mmol: 'मिलीमोल|毫摩尔|ミリモル|밀리몰|مليمول|ملي مول',
  µmol: 'umol|μmol|微摩尔|マイクロモル|마이크로몰',
  nmol: '',
  meq: '',
  iu: 'i.u.|ie|i.e.|ui|u.i.|国際単位|国际单位|국제단위|وحدة دولية',
  mmhg: '毫米汞柱|مم زئبق',
  cmh2o: '',
  pa: '',
  hpa: '',
  kpa: '千帕|كيلوباسكال',
  mpa: '',
  bar: '',
  '°c': '℃|°م|摄氏度|درجة مئوية|डिग्री सेल्सियस',
  '°f': '℉|华氏度',
  '°': '',
  hz: '赫兹|هرتز|हर्ट्ज',
  khz: '千赫',
  mhz: '兆赫',
  gy: '戈瑞',
  mgy: '毫戈瑞',
  sv: '',
  msv: '毫西弗',
  bq: '',
  kbq: '',
  mbq: '兆贝可',
  kvp: '',
  v: '',
  mv: '',
  kv: '',
  ma: '',
  w: '',
  kw: '',
  j: '',
  fr: '',
  bpm: '',
  ms: 'msec|毫秒|ミリ秒|밀리초',
  second:
    's|sec|secs|seconds|sek|sekunde|sekunden|seconde|secondes|segundo|segundos|秒|초|ثانية|ثوان|सेकंड|सेकेंड',
  minute: 'min|mins|minutes|minuten|minuto|minutos|分間|分钟|分鐘|分|분|دقيقة|دقائق|मिनट',
  hour: 'h|hr|hrs|std|hours|stunde|stunden|heure|heures|hora|horas|時間|小时|小時|시간|ساعة|ساعات|घंट|घण्ट',
  day: 'days|tag|tage|tagen|tages|jour|jours|día|días|dia|dias|日|天|일|يوم|أيام|दिन',
  week: 'weeks|woche|wochen|semaine|semaines|semana|semanas|週間|週|周|주|أسبوع|أسابيع|सप्ताह|हफ्त|हफ़्त',
  month:
    'months|monat|monate|monaten|monats|mois|mes|meses|mês|か月|カ月|ヶ月|ヵ月|ケ月|箇月|个月|個月|개월|شهر|أشهر|شهور|महीन|माह',
  year: 'years|jahr|jahre|jahren|jahres|jährig|jährige|jährigen|an|ans|année|années|año|años|ano|anos|年間|年|歳|才|岁|년|세|살|سنة|سنوات|عام|أعوام|साल|वर्ष',
};

/** The longest first, so that `mmhg` is not taken for `mm`. */
const unitNames = Object.entries(units)
  .flatMap(([sign, names]) =>
    [sign, ...names.split('|')].flatMap((name) =>
      name === '' ? [] : [{ sign, name: plain(name) }],
    ),
  )
  .toSorted((a, b) => b.name.length - a.name.length);

/** `mm` does not begin `mmol`; scripts that set no spaces have no such end. */
const startsWithWord = (text: string, name: string): boolean =>
  text.startsWith(name) &&
  !(/[a-zµμà-ÿ]$/.test(name) && /^[a-zµμà-ÿ]/.test(text.slice(name.length)));

/** Parts of other words and counters, which begin like a unit. */
const noUnit = /^(?:分の|分之|분의|분기|초과|세트|세션|세대|주사|주기|주년|年代|年度|周期)/;
/** A sign that a rule does not know and that no noun has: `mAh`, `U/kg`, `cm²`. */
const unknownUnit =
  /^[a-zµμΩ]{0,4}(?:\/[a-zµμΩ]{1,3}|[²³µμΩ]|(?<=[a-z])[A-Z])[a-zµμΩ\d²³]{0,3}(?:\/[a-zµμ]{1,3})?(?![\p{L}])/iu;
const attachedUnit = /^[a-zµμΩ]{1,6}(?![\p{Script=Latin}\d])/iu;
/** Letters that make a number an ordinal or a factor. */
const ordinal = /^(?:st|nd|rd|th|er|ers|re|e|nde|o|os|a|as|x|d)$/i;

/** A reading, said in letters small and in those that it was written in, so that both are as long. */
interface After {
  readonly small: string;
  readonly written: string;
  readonly locale: string;
}

interface Measure {
  /** The sign of a unit, or one that no rule knows as it is; null: a noun, or nothing. */
  readonly unit: string | null;
  /** The time that it is given in. */
  readonly per: string | null;
}

/** What follows a number. */
export function unitOf({ small, written, locale }: After): Measure {
  const gap = /^[\s’-]*/.exec(small)?.[0].length ?? 0;
  const [rest, own] = [small.slice(gap), written.slice(gap)];
  if (noUnit.test(rest)) return { unit: null, per: null };
  const known = unitNames.find(({ name }) => startsWithWord(rest, name));
  // Letters of French are words of others.
  if (known === undefined || (known.name === 'an' && locale !== 'fr')) {
    return { unit: unknownOf(own, gap), per: null };
  }
  const { sign, name } = known;
  // Mega and milli differ by their letter alone.
  const isMega = /^m(?:hz|bq|v|pa|w|sv|gy)$/.test(sign) && own.startsWith('M');
  const square = /^[²³23](?!\d)/.exec(own.slice(name.length))?.[0] ?? '';
  const after = rest.slice(name.length + square.length);
  const given = /^\s?(?:\/|(?:per|pro|par|por)\s)\s?(.{1,12})/u.exec(after)?.[1];
  const below =
    given === undefined ? undefined : unitNames.find((one) => startsWithWord(given, one.name));
  const isTime = below !== undefined && times.includes(below.sign);
  const ratio = below === undefined || isTime ? '' : `/${below.sign}`;
  const unit = `${isMega ? `mega${sign.slice(1)}` : sign}${square.normalize('NFKC')}${ratio}`;
  return { unit, per: isTime ? below.sign : null };
}

/** How often something is given is said by many words as well: only what is written in both is compared. */
const times: readonly string[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'];

function unknownOf(own: string, gap: number): string | null {
  const marked = unknownUnit.exec(own)?.[0];
  if (marked !== undefined && /[a-z][A-Z]|[/²³µμΩ]/.test(marked)) return marked;
  const attached = gap === 0 ? attachedUnit.exec(own)?.[0] : undefined;
  return attached === undefined || ordinal.test(attached) ? null : attached;
}

const words = (all: Readonly<Record<number, string>>): readonly (readonly [string, number])[] =>
  Object.entries(all)
    .flatMap(([power, names]) => names.split('|').map((name) => [plain(name), +power] as const))
    .toSorted(([a], [b]) => b.length - a.length);

/** Powers of ten in words; what a word means in one language alone stands with it. */
const powers = words({
  3: 'thousand|tausend|tsd.|tsd|ألف|آلاف|हज़ार|हजार',
  5: 'लाख',
  6: 'million|millions|millionen|millón|millones|milhão|milhões|mio.|mio|مليون|ملايين|मिलियन',
  7: 'करोड़',
  9: 'milliard|milliards|milliarde|milliarden|mrd.|mrd|مليار|مليارات|بليون|अरब|बिलियन|bilhão|bilhões',
  12: 'billón|billones',
});
const ownPowers: Readonly<Record<string, typeof powers>> = {
  en: words({ 9: 'billion|bn', 12: 'trillion' }),
  de: words({ 12: 'billion|billionen' }),
  fr: words({ 3: 'mille', 12: 'billion|billions' }),
  es: words({ 3: 'mil', 9: 'mil millones' }),
  'pt-BR': words({ 3: 'mil' }),
};
const digits: Readonly<Record<string, number>> = {
  십: 1,
  十: 1,
  백: 2,
  百: 2,
  천: 3,
  千: 3,
  万: 4,
  萬: 4,
  만: 4,
  億: 8,
  亿: 8,
  억: 8,
};

/** By how many places the point moves, and how many letters say so. */
export function powerOf(
  small: string,
  locale: string,
): { readonly power: number; readonly length: number } {
  const [signs = ''] = /^(?:[십十백百천千]?[万萬만億亿억]|千)/.exec(small) ?? [];
  if (signs !== '') {
    const power = Array.from(signs).reduce((sum, sign) => sum + (digits[sign] ?? 0), 0);
    return { power, length: signs.length };
  }
  const gap = /^[\s’]*/.exec(small)?.[0].length ?? 0;
  const said = [...(ownPowers[locale] ?? []), ...powers].find(([name]) =>
    startsWithWord(small.slice(gap), name),
  );
  return said === undefined
    ? { power: 0, length: 0 }
    : { power: said[1], length: gap + said[0].length };
}

export type Comparison = '<' | '>' | '≤' | '≥';
const comparisons: Readonly<Record<string, Comparison>> = {
  '<=': '≤',
  '=<': '≤',
  '⩽': '≤',
  '≦': '≤',
  '≤': '≤',
  '>=': '≥',
  '⩾': '≥',
  '≧': '≥',
  '≥': '≥',
  '<': '<',
  '>': '>',
};

/** The sign before a number; an arrow is none. */
export function comparisonOf(before: string): Comparison | null {
  const sign = /(?<![-=])(<=|=<|>=|[<>≤≥⩽⩾≦≧])\s*[-−+±]?$/.exec(before)?.[1];
  return sign === undefined ? null : (comparisons[sign] ?? null);
}

const said: Readonly<Record<Comparison, readonly [before: string, after: string]>> = {
  '<': [
    'less than|fewer than|under|below|weniger als|unter|kleiner als|moins de|inférieur à|inférieure à|menos de|menos que|inferior a|menor que|menor de|abaixo de|por debajo de|小于|少于|低于|不到|不足|أقل من|دون',
    '未満|未满|미만|से कम',
  ],
  '>': [
    'more than|greater than|over|above|mehr als|über|größer als|plus de|supérieur à|supérieure à|más de|más que|mais de|mais que|superior a|mayor que|mayor de|maior que|acima de|por encima de|大于|超过|多于|高于|أكثر من|فوق',
    'を超|超|초과|से अधिक|से ज़्यादा|से ज्यादा',
  ],
  '≤': [
    'at most|no more than|not more than|up to|höchstens|maximal|bis zu|au plus|jusqu’à|como máximo|a lo sumo|hasta|no máximo|até|不超过|至多|最多|不大于|على الأكثر|لا يزيد عن|لا يزيد على|حتى',
    '以下|以内|이하|이내|तक|ou moins|oder weniger|or less|o menos|ou menos',
  ],
  '≥': [
    'at least|no less than|mindestens|wenigstens|au moins|al menos|por lo menos|como mínimo|pelo menos|no mínimo|至少|不少于|不小于|على الأقل|لا يقل عن|कम से कम',
    '以上|이상|या अधिक|ou plus|oder mehr|or more|o más|ou mais',
  ],
};

const wordsIn = (all: string): readonly string[] => all.split('|').map((name) => plain(name));
const comparisonWords = (Object.keys(said) as Comparison[]).map((sign) => ({
  sign,
  left: wordsIn(said[sign][0]),
  right: wordsIn(said[sign][1]),
}));

/** What words before a number, or soon after it, say; looked at where the other text has a sign for it. */
export function comparisonsSaid(before: string, after: string): readonly Comparison[] {
  const [left, right = ''] = [before.trimEnd(), /^[^\d,.;、。]{0,24}/.exec(after)?.[0]];
  return comparisonWords
    .filter(
      (word) =>
        word.left.some((name) => left.endsWith(name)) ||
        word.right.some((name) => right.includes(name)),
    )
    .map(({ sign }) => sign);
}

/** In words, save where they say at least, or about. */
const minus =
  /(?<!(?:al|au|du|lo|pelo|ou|o|a|ao|no|plus|más|mais)\s)(?:(?<!\p{L})(?:minus|moins|menos)|マイナス|零下|负|負|마이너스|영하|ناقص|سالب|ऋण|माइनस)\s*$/u;
/** Of what joins words and ranges it is told by what stands before it. */
const minusSign = /(?:^|[^\p{L}\p{N}\s)\]]|[\p{Script=Han}\p{Script=Hiragana}]|\s)[-−–]$/u;

export const isNegative = (before: string): boolean => minusSign.test(before) || minus.test(before);
