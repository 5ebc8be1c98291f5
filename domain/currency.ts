/**
 * Currencies that are paid in, by the decimal places of their minor unit (ISO 4217, list one): not the
 * metals, funds and codes for tests that it lists beside them, but the Unidad de Fomento, in which
 * contracts are made, and the Caribbean guilder of 2025.
 */
const byDigits: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN
    BWP BYN BZD CAD CDF CHF CNY COP CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR
    FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS
    KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR
    SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD
    TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF',
};

const digits: ReadonlyMap<string, number> = new Map(
  Object.entries(byDigits).flatMap(([places, codes]) =>
    codes.split(/\s+/).map((code) => [code, Number(places)] as const),
  ),
);

export const currencies: readonly string[] = [...digits.keys()].toSorted();

/** Decimal places of the minor unit; null for what is no currency that somebody pays in. */
export const digitsOf = (currency: string): number | null => digits.get(currency) ?? null;
