export const localeNames = ['en', 'de', 'ja', 'pt-BR', 'ar'] as const;
