/** Ids are opaque and travel everywhere, so they carry no name, address or other text of a person. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type PersonId = Branded<'PersonId'>;
export type AccountId = Branded<'AccountId'>;
export type RegionId = Branded<'RegionId'>;
export type TeamId = Branded<'TeamId'>;
/** The id of one instance of a loop: a UUID, the same in Postgres, in the API and in Temporal. */
export type LoopId = Branded<'LoopId'>;
/** Text that people wrote lives in Postgres only; everything else refers to it by this id. */
export type ContentId = Branded<'ContentId'>;
export type NoticeId = Branded<'NoticeId'>;
export type WebhookId = Branded<'WebhookId'>;
export type WebhookDeliveryId = Branded<'WebhookDeliveryId'>;
export type TaskId = Branded<'TaskId'>;
