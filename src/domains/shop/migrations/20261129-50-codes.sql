-- Codes that give a release to whoever holds one: handed out at a show, laid into a record, sent to a newspaper.

create table code_batches (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  -- What a code of it gives: 'release:<id>' or 'track:<id>'.
  subject text not null,
  name text not null,
  -- What they are for, in the artist's words; nobody else reads it.
  purpose text not null default '',
  -- The last day on which one may be used.
  until date,
  closed_at timestamptz,
  created_at timestamptz not null
);
create index on code_batches (artist_id, created_at);

create table codes (
  -- As code.rules.ts writes it, without the dashes.
  code text primary key,
  batch_id uuid not null references code_batches on delete cascade,
  position integer not null,
  redeemed_at timestamptz,
  -- Which browser redeemed it: there it opens again. A hash of its cookie.
  browser text,
  unique (batch_id, position),
  check ((redeemed_at is null) = (browser is null))
);
