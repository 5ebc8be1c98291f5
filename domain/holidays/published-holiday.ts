/** Holidays as law and government publish them, for a country or a part of it; the seed of a region's days. */

/** ISO 3166-1 alpha-2, and the part after the hyphen of ISO 3166-2: `BR` and `SP`. */
export interface Place {
  readonly country: string;
  readonly subdivision: string | null;
}

export const placeName = ({ country, subdivision }: Place): string =>
  subdivision === null ? country : `${country}-${subdivision}`;

type HolidayKind = 'off' | 'half' | 'working';
export type HolidayStatus = 'confirmed' | 'provisional';

/** Of one feast in the languages its source knows it by: `ja`, `pt-br`, at least `en` where there is one. */
export type Names = Readonly<Record<string, string>>;

export interface PublishedHoliday {
  readonly day: string;
  readonly kind: HolidayKind;
  /** Minute of the wall day at which a half day ends. */
  readonly halfUntilMinute: number | null;
  /** As it is called there. */
  readonly name: string;
  readonly names: Names;
  readonly source: string;
  readonly status: HolidayStatus;
}

/** What a source says of a day, before the patches and the status. */
export interface SourceDay extends Omit<PublishedHoliday, 'status'> {
  /** The source's own word for when it falls, such as `easter -2`; patches point at it. */
  readonly rule: string;
  /** Off work by law, not only at banks, in schools or by custom. */
  readonly isPublic: boolean;
  readonly isSubstitute: boolean;
  /** Taken from the government's list of that year, so that nothing is left to announce. */
  readonly isAnnounced: boolean;
}
