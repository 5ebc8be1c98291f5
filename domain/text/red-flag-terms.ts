/**
 * What the rules warn of where a region says nothing else: by language, since whoever writes does so in
 * their own. A term stands for every form that begins with it; spaces, dashes and accents do not count.
 */
export const redFlagCodes = ['off_label', 'payment', 'patient_data'] as const;
export type RedFlagCode = (typeof redFlagCodes)[number];

type Terms = Readonly<Record<RedFlagCode, readonly string[]>>;

export const termsByLocale: Readonly<Record<string, Terms>> = {
  en: {
    off_label: ['off-label', 'unapproved use', 'unapproved indication', 'outside the label'],
    payment: ['honorarium', 'honoraria', 'kickback', 'bribe', 'cash payment', 'under the table'],
    patient_data: ['patient name', 'date of birth', 'medical record number', 'patient id'],
  },
  de: {
    off_label: [
      'zulassungsüberschreitend',
      'außerhalb der Zulassung',
      'nicht zugelassene Anwendung',
    ],
    payment: ['Honorar', 'Schmiergeld', 'Bestechung', 'Barzahlung', 'Rückvergütung'],
    patient_data: [
      'Patientenname',
      'Name der Patientin',
      'Name des Patienten',
      'Geburtsdatum',
      'Patientenakte',
    ],
  },
  fr: {
    off_label: ['hors AMM', 'hors indication', 'usage non autorisé'],
    payment: [
      'honoraires',
      'pot-de-vin',
      'dessous-de-table',
      'paiement en espèces',
      'rétrocommission',
    ],
    patient_data: ['nom du patient', 'nom de la patiente', 'date de naissance', 'dossier médical'],
  },
  es: {
    off_label: ['fuera de indicación', 'fuera de ficha técnica', 'uso no autorizado'],
    payment: ['honorarios', 'soborno', 'pago en efectivo', 'comisión ilegal'],
    patient_data: [
      'nombre del paciente',
      'nombre de la paciente',
      'fecha de nacimiento',
      'historia clínica',
    ],
  },
  'pt-BR': {
    off_label: ['fora da bula', 'uso não aprovado', 'indicação não aprovada'],
    payment: ['honorários', 'propina', 'suborno', 'pagamento em dinheiro'],
    patient_data: ['nome do paciente', 'nome da paciente', 'data de nascimento', 'prontuário'],
  },
  ja: {
    off_label: ['適応外', 'オフラベル', '未承認の適応', '未承認使用'],
    payment: ['謝礼', '賄賂', 'リベート', '現金払い', '講演料'],
    patient_data: ['患者名', '患者氏名', '生年月日', '診察券番号', 'カルテ番号'],
  },
  'zh-Hans': {
    off_label: ['超说明书', '超适应症', '未经批准的用途'],
    payment: ['酬金', '回扣', '贿赂', '现金支付', '讲课费'],
    patient_data: ['患者姓名', '病人姓名', '出生日期', '病历号', '住院号'],
  },
  ko: {
    off_label: ['오프라벨', '허가 외', '적응증 외'],
    payment: ['사례금', '리베이트', '뇌물', '현금 지급', '강연료'],
    patient_data: ['환자 이름', '환자명', '생년월일', '의무기록번호', '등록번호'],
  },
  ar: {
    off_label: ['خارج دواعي الاستعمال', 'استعمال غير مرخص', 'استخدام غير معتمد'],
    payment: ['أتعاب', 'رشوة', 'عمولة سرية', 'دفع نقدي', 'دفعة نقدية'],
    patient_data: ['اسم المريض', 'اسم المريضة', 'تاريخ الميلاد', 'رقم الملف الطبي'],
  },
  hi: {
    off_label: ['ऑफ-लेबल', 'अस्वीकृत उपयोग', 'गैर-अनुमोदित उपयोग'],
    payment: ['मानदेय', 'रिश्वत', 'घूस', 'नकद भुगतान', 'कमीशन'],
    patient_data: ['मरीज़ का नाम', 'रोगी का नाम', 'जन्म तिथि', 'जन्मतिथि'],
  },
};

/** Near a long number one of these means that the number is somebody's. */
export const patientWords: readonly string[] = [
  'patient',
  'paciente',
  '患者',
  '病人',
  '환자',
  'مريض',
  'المريض',
  'मरीज',
  'रोगी',
];

/** Of one currency, in its own units; `*` is for every other. */
export const paymentsAboveByDefault: Readonly<Record<string, number>> = {
  '*': 10_000,
  JPY: 1_500_000,
  KRW: 15_000_000,
  INR: 900_000,
  CNY: 80_000,
};

/** Digits of a number that could be that of a person: a date of birth has as many. */
export const identifierDigitsMinByDefault = 6;

/** As written beside an amount, each as it reads once small letters are all there is. */
export const currencies: Readonly<Record<string, readonly string[]>> = {
  EUR: ['€', 'eur', 'euro', 'euros', 'يورو', 'ユーロ', '欧元', '유로', 'यूरो'],
  USD: [
    '$',
    'usd',
    'us$',
    'dollar',
    'dollars',
    'dólares',
    'dolares',
    'دولار',
    'ドル',
    '美元',
    '달러',
    'डॉलर',
  ],
  GBP: ['£', 'gbp', 'pound', 'pounds'],
  CHF: ['chf', 'franken', 'francs'],
  JPY: ['¥', 'jpy', 'yen', '円'],
  CNY: ['cny', 'rmb', '元', '人民币'],
  KRW: ['₩', 'krw', '원'],
  INR: ['₹', 'inr', 'रुपये', 'रुपए', 'rs', 'rs.'],
  BRL: ['r$', 'brl', 'reais'],
  SAR: ['sar', 'ريال'],
  AED: ['aed', 'درهم'],
};

export const multipliers: Readonly<Record<string, number>> = {
  k: 1e3,
  tsd: 1e3,
  'tsd.': 1e3,
  tausend: 1e3,
  thousand: 1e3,
  mille: 1e3,
  mil: 1e3,
  हज़ार: 1e3,
  ألف: 1e3,
  m: 1e6,
  mn: 1e6,
  mio: 1e6,
  'mio.': 1e6,
  million: 1e6,
  millions: 1e6,
  millionen: 1e6,
  millones: 1e6,
  milhões: 1e6,
  مليون: 1e6,
  万: 1e4,
  만: 1e4,
  億: 1e8,
  亿: 1e8,
  억: 1e8,
  लाख: 1e5,
  करोड़: 1e7,
};
