-- Who may come in, and what each may do.
create table accounts (
  id uuid primary key,
  email text not null,
  name text not null default '',
  is_host boolean not null default false,
  language text not null default 'en',
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
create unique index accounts_email on accounts (lower(email));

create table passkeys (
  id text primary key,
  account_id uuid not null references accounts on delete cascade,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null default '{}',
  name text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index on passkeys (account_id);

-- A passing secret between the two halves of a passkey ceremony.
create table passkey_challenges (
  id uuid primary key,
  challenge text not null,
  account_id uuid references accounts on delete cascade,
  expires_at timestamptz not null
);

create table labels (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  description text not null default '',
  links jsonb not null default '[]',
  image_id uuid references images,
  created_at timestamptz not null default now()
);

create table artists (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  sort_name text not null,
  biography text not null default '',
  places text[] not null default '{}',
  -- [{"title": "…", "url": "https://…"}]
  links jsonb not null default '[]',
  portrait_image_id uuid references images,
  language text not null default 'en',
  -- What the artist tuned: {"pairing", "scheme", "accent"}.
  theme jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create index artists_search on artists using gin (searchable(name) gin_trgm_ops);

-- The first segment of public addresses: current ones and those that lead on after a renaming.
create table slugs (
  slug text primary key,
  -- Deferred: an address is claimed first, then its owner is written, in one transaction.
  artist_id uuid references artists on delete cascade deferrable initially deferred,
  label_id uuid references labels on delete cascade deferrable initially deferred,
  check (num_nonnulls(artist_id, label_id) = 1)
);
create index on slugs (artist_id);
create index on slugs (label_id);

create table sessions (
  id uuid primary key,
  token_hash text not null unique,
  account_id uuid not null references accounts on delete cascade,
  device text not null default '',
  -- The artist or label that this person works for now, in this browser.
  desk_artist_id uuid references artists on delete set null,
  desk_label_id uuid references labels on delete set null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index on sessions (account_id);

create table memberships (
  id uuid primary key,
  account_id uuid not null references accounts on delete cascade,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  role text not null check (role in ('artist', 'editor', 'label_manager')),
  created_at timestamptz not null default now(),
  check (num_nonnulls(artist_id, label_id) = 1),
  check ((role = 'label_manager') = (label_id is not null)),
  unique nulls not distinct (account_id, artist_id, label_id)
);
create index on memberships (artist_id);
create index on memberships (label_id);

-- Asked to work for an artist or a label; nobody is a member of anything without having said yes.
create table invitations (
  id uuid primary key,
  email text not null,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  role text not null check (role in ('artist', 'editor', 'label_manager')),
  language text not null default 'en',
  invited_by uuid references accounts on delete set null,
  created_at timestamptz not null default now(),
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  check (num_nonnulls(artist_id, label_id) = 1),
  check ((role = 'label_manager') = (label_id is not null))
);
create index on invitations (artist_id);
create index on invitations (label_id);

-- Links that let in once. Only their hash is kept.
create table sign_in_links (
  token_hash text primary key,
  purpose text not null check (purpose in ('set-up', 'sign-in', 'recovery', 'invitation', 'mail-change')),
  -- Whose mail address the link proves; null for the set-up, which is nobody's yet.
  email text,
  -- Where to go afterwards, inside the studio.
  next text,
  -- Whose address changes, for a mail-change.
  account_id uuid references accounts on delete cascade,
  invitation_id uuid references invitations on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((purpose = 'mail-change') = (account_id is not null)),
  check ((purpose = 'invitation') = (invitation_id is not null))
);
create index on sign_in_links (expires_at);

-- What an artist lets a label do. Taken back, it stays as history.
create table mandates (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  label_id uuid not null references labels on delete cascade,
  permissions text[] not null,
  granted_at timestamptz not null default now(),
  granted_by uuid references accounts on delete set null,
  revoked_at timestamptz,
  revoked_by uuid references accounts on delete set null
);
create unique index mandates_in_force on mandates (artist_id, label_id) where revoked_at is null;

create table audit_log (
  id uuid primary key,
  at timestamptz not null default now(),
  account_id uuid references accounts on delete set null,
  action text not null,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  subject text,
  details jsonb not null default '{}'
);
create index on audit_log (artist_id, at desc);
create index on audit_log (label_id, at desc);
create index on audit_log (at desc);

-- What the host fills in: name of the place, legal notice, privacy contact.
create table site_settings (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

create table abuse_reports (
  id uuid primary key,
  at timestamptz not null default now(),
  url text not null,
  reason text not null,
  message text not null,
  contact text,
  handled_at timestamptz,
  handled_by uuid references accounts on delete set null
);
