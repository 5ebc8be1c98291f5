/** What a text that must have a form is told to be: in words, and never by its pattern. */

export interface TextForm {
  /** The sentence's name in the catalogues: `shape.<code>`. */
  readonly code: string;
  readonly values: { readonly example?: string };
}

const like = (code: string, example: string): TextForm => ({ code, values: { example } });

/** Anything else that is asked for. The contract test knows of no operation that needs it. */
const anyForm: TextForm = { code: 'form_invalid', values: {} };

/** By what a schema calls it, else by the pattern that it states. */
const textForms: Readonly<Record<string, TextForm>> = {
  datetime: like('instant_invalid', '2026-11-23T09:00:00+01:00'),
  date: like('day_invalid', '2026-11-23'),
  url: like('url_invalid', 'https://example.test/meridian'),
  uuid: like('id_invalid', '0190a0a0-5b6c-8def-9012-3456789abcde'),
  '^[a-z0-9-]{1,63}$': like('name_invalid', 'berlin-2'),
  '^[a-z][a-z0-9-]{0,63}$': like('purpose_invalid', 'leadership'),
  '^[a-z-]{1,63}$': like('competency_invalid', 'clinical-fluency'),
  '^[A-Z]{2}$': like('country_invalid', 'DE'),
  '^[A-Z]{3}$': like('currency_invalid', 'EUR'),
  '^[a-z]{2,3}(-[A-Za-z]{2,4})?$': like('language_invalid', 'pt-BR'),
  '^[a-z]{2}(-[A-Z][A-Za-z]{1,3})?$': like('language_invalid', 'pt-BR'),
  '^20[0-9]{2}-Q[1-4]$': like('quarter_invalid', '2026-Q4'),
  '^(?:[01]\\d|2[0-3]):[0-5]\\d$': like('hour_invalid', '17:30'),
  '^[A-Za-z0-9+/]+={0,2}$': { code: 'base64_invalid', values: {} },
  '^<?[\\w.-]{1,130}(?:@[^\\s<>]{1,255})?>?$': like('message_id_invalid', 'notice.1@example.test'),
  '^[^\\u0000-\\u001f\\u007f\\u2028\\u2029]*$': { code: 'not_one_line', values: {} },
};

/** `pattern` as it is written in a program, between slashes. */
export const textFormOf = (format: string, pattern: string | undefined): TextForm =>
  textForms[format] ?? textForms[pattern?.replace(/^\/|\/\w*$/g, '') ?? ''] ?? anyForm;
