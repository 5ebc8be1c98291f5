-- The exchange of practices: what one market learned, for those others whom it is cleared for. One row
-- a practice, the read model of its loop; the truth is its transitions. Texts are rows of `content`
-- (kind `practice.source`: title, situation, action, result, indication, evidence, and `notes` by
-- country), so that they can be erased.
CREATE TABLE practice (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  -- draft: its author's alone; in_review: submitted, cleared nowhere yet; published: cleared somewhere
  -- once; withdrawn: read by nobody any more, for good.
  status text NOT NULL CHECK (status IN ('draft', 'in_review', 'published', 'withdrawn')),
  kind text NOT NULL CHECK (kind IN ('win', 'failure')),
  -- One of the nine competencies, such as `clinical-fluency`.
  competency text NOT NULL,
  author_id text NOT NULL REFERENCES person,
  -- Then nobody but the author is told who it is.
  is_author_hidden boolean NOT NULL,
  source_locale text NOT NULL,
  -- Counts changes of what is read; the rows of `practice_version` keep each.
  version int NOT NULL,
  content_id uuid NOT NULL REFERENCES content,
  -- SHA-256 (hex) of the parts that are translated, so of everything but the notes of countries.
  source_hash text NOT NULL,
  -- Asked for: each pair of a country (ISO 3166-1) and a product has its own row of clearance.
  countries text[] NOT NULL,
  products text[] NOT NULL,
  -- Whom it is for; empty: every role.
  roles text[] NOT NULL,
  is_for_partners boolean NOT NULL,
  drafted_at timestamptz NOT NULL,
  -- The first time that it was cleared anywhere.
  published_at timestamptz,
  withdrawn_at timestamptz,
  changed_at timestamptz NOT NULL
);
CREATE INDEX practice_list ON practice (drafted_at DESC, id);
CREATE INDEX practice_author ON practice (author_id);

CREATE TABLE practice_version (
  practice_id uuid NOT NULL REFERENCES practice,
  version int NOT NULL,
  content_id uuid NOT NULL REFERENCES content,
  source_hash text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (practice_id, version)
);

-- Country × product: what its two reviews say of the version of now, and whether it may be read there.
CREATE TABLE practice_clearance (
  practice_id uuid NOT NULL REFERENCES practice,
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  product text NOT NULL,
  clinical text NOT NULL CHECK (clinical IN ('open', 'approved', 'refused')),
  compliance text NOT NULL CHECK (compliance IN ('open', 'approved', 'refused')),
  clinical_reviewer_id text REFERENCES person,
  compliance_reviewer_id text REFERENCES person,
  -- When both had approved; null while a review is open or refused.
  cleared_at timestamptz,
  -- The gate: cleared, and the verification of the country is not stale. Withdrawn: false everywhere.
  is_readable boolean NOT NULL,
  PRIMARY KEY (practice_id, country, product),
  CHECK ((cleared_at IS NOT NULL) = (clinical = 'approved' AND compliance = 'approved')),
  CHECK (NOT is_readable OR cleared_at IS NOT NULL)
);
CREATE INDEX practice_clearance_readable ON practice_clearance (country, product, practice_id)
  WHERE is_readable;

-- Who verifies it in a country, and how that stands. due: asked; stale: not verified in time, so it
-- is read there by nobody until somebody does.
CREATE TABLE practice_duty (
  practice_id uuid NOT NULL REFERENCES practice,
  country text NOT NULL,
  expert_id text NOT NULL REFERENCES person,
  status text NOT NULL CHECK (status IN ('current', 'due', 'stale')),
  verified_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  PRIMARY KEY (practice_id, country)
);
CREATE INDEX practice_duty_stale ON practice_duty (due_at) WHERE status <> 'current';

-- One a language. It counts while its hash is that of the source: no row, or another hash, is
-- `missing`. Read only where approved, and only in the countries that its approvers are cleared for.
CREATE TABLE practice_translation (
  practice_id uuid NOT NULL REFERENCES practice,
  locale text NOT NULL,
  status text NOT NULL CHECK (status IN ('machine', 'proposed', 'approved')),
  source_hash text NOT NULL,
  -- Kind `practice.translation`: title, situation, action, result, indication, evidence.
  content_id uuid NOT NULL REFERENCES content,
  -- Null for a machine's.
  proposed_by text REFERENCES person,
  proposed_at timestamptz NOT NULL,
  approved_by text REFERENCES person,
  approved_at timestamptz,
  -- Countries in which it may leave; empty until approved.
  approved_for text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (practice_id, locale),
  CHECK ((status = 'approved') = (approved_at IS NOT NULL)),
  CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);

-- What a machine proposed, kept for good beside what people made of it: one a source and language.
CREATE TABLE translation_proposal (
  source_hash text NOT NULL,
  locale text NOT NULL,
  practice_id uuid NOT NULL REFERENCES practice,
  -- Where it was switched on.
  region_id text NOT NULL REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  proposer text NOT NULL,
  -- Null where it proposed nothing.
  content_id uuid REFERENCES content,
  at timestamptz NOT NULL,
  PRIMARY KEY (source_hash, locale)
);

-- What somebody says of it from their own region: the last word of each person.
CREATE TABLE practice_verdict (
  practice_id uuid NOT NULL REFERENCES practice,
  person_id text NOT NULL REFERENCES person,
  region_id text NOT NULL REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  country text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('tried', 'worked', 'failed', 'not_allowed')),
  -- Kind `practice.verdict`: a line of context; null: none.
  content_id uuid REFERENCES content,
  version int NOT NULL,
  -- How often they have said something of it.
  number int NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (practice_id, person_id)
);

-- Who received which text of it, by which way: whoever delivers writes the row in the transaction that
-- locks the practice FOR SHARE and asks the gate (`recordDelivery` in `db/practice-deliveries.ts`), so
-- that a recall finds everyone. `digest`, `page`, `api`, `handoff`, `assignment`, `search` are ways.
CREATE TABLE practice_delivery (
  practice_id uuid NOT NULL REFERENCES practice,
  person_id text NOT NULL REFERENCES person,
  version int NOT NULL,
  -- In which language they read it: that of the text, not that of the reader.
  locale text NOT NULL,
  via text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (practice_id, person_id, version, locale, via)
);
CREATE INDEX practice_delivery_person ON practice_delivery (person_id, practice_id);

-- A practice called back, for good or because it was corrected.
CREATE TABLE practice_recall (
  practice_id uuid NOT NULL REFERENCES practice,
  -- The transition that did it.
  sequence int NOT NULL,
  kind text NOT NULL CHECK (kind IN ('withdrawn', 'corrected')),
  severity text NOT NULL CHECK (severity IN ('information', 'important', 'safety')),
  -- Receivers of versions below this one are told.
  before_version int NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (practice_id, sequence)
);

-- Exactly those who had received it when it was called back, each with the language they read it in.
CREATE TABLE practice_recall_recipient (
  practice_id uuid NOT NULL,
  sequence int NOT NULL,
  person_id text NOT NULL REFERENCES person,
  locale text NOT NULL,
  -- Null for whoever had left.
  notice_id uuid REFERENCES notice,
  PRIMARY KEY (practice_id, sequence, person_id),
  FOREIGN KEY (practice_id, sequence) REFERENCES practice_recall
);

-- Words that translations keep: names of devices, indications as they are approved, units.
CREATE TABLE glossary_term (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('device', 'indication', 'unit')),
  -- By language, `*` for every other: { "*": "CardioFlow", "ja": "カーディオフロー" }.
  forms jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  changed_by text NOT NULL REFERENCES person
);

-- A message in another language than its reader's own: that in which they read what it is about.
ALTER TABLE notice ADD COLUMN locale text;
