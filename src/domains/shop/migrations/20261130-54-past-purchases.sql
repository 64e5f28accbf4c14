-- What buyers bought elsewhere before an artist came here, from the sales report of Bandcamp: it opens their library, and is no sale of ours.
create table purchase_imports (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  file_name text not null,
  -- 'read': its things wait to be matched; 'brought': the libraries are open; 'undone'.
  state text not null check (state in ('read', 'brought', 'undone')),
  -- In which the buyers are written to, when they are.
  language text not null,
  created_by uuid,
  created_at timestamptz not null,
  brought_at timestamptz,
  undone_at timestamptz
);
create index on purchase_imports (artist_id, created_at);

-- Each thing that a report names, and what of it is here.
create table purchase_import_items (
  import_id uuid not null references purchase_imports on delete cascade,
  position integer not null,
  -- 'album', 'track', 'package', 'bundle' … as the report says.
  kind text not null,
  title text not null,
  package text not null default '',
  -- 'release:<id>', 'track:<id>', or 'all' for every release that is here; null: nothing.
  subject text,
  primary key (import_id, position)
);

-- Each line of a report.
create table purchase_import_lines (
  import_id uuid not null references purchase_imports on delete cascade,
  line integer not null,
  -- What makes it this purchase and no other, whichever report tells it; of a refund the purchase that it gives back. Null where it is neither.
  key text,
  item integer,
  mail text not null default '',
  mail_key text not null default '',
  bought_at timestamptz,
  -- What was paid, in hundredths of whatever it was paid in: only compared with what went back.
  amount bigint,
  -- Why it opens nothing, in words of bandcamp.rules.ts.
  problem text,
  text text not null default '',
  primary key (import_id, line)
);
create index on purchase_import_lines (key) where key is not null;
create index on purchase_import_lines (mail_key) where mail_key <> '';

-- Who was told that what they bought is here: once each, by whichever import.
create table purchase_mails (
  artist_id uuid not null references artists on delete cascade,
  mail_key text not null,
  mail text not null,
  language text not null,
  asked_at timestamptz not null,
  sent_at timestamptz,
  primary key (artist_id, mail_key)
);
