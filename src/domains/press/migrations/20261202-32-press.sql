-- What the place signs documents with (docs/decisions/0089). Public halves stay for good: what was signed is verified later.
create table signing_keys (
  -- Its thumbprint (RFC 7638).
  kid text primary key,
  public_jwk jsonb not null,
  -- Sealed, as other secrets of the place are.
  private_key bytea not null,
  created_at timestamptz not null
);

-- What an artist says to professionals, on a page of its own.
create table press_pages (
  artist_id uuid primary key references artists on delete cascade,
  -- Seen by everybody; else by links alone.
  is_public boolean not null default false,
  short_words text not null default '',
  contacts text not null default '',
  rider text not null default '',
  picture_credit text not null default '',
  updated_at timestamptz not null default now()
);

create trigger pages_changed after insert or update or delete or truncate on press_pages for each statement execute function pages_changed();

-- Figures that the artist agreed to show, as they were on the day on which they agreed.
create table press_proofs (
  artist_id uuid not null references artists on delete cascade,
  kind text not null check (kind in ('towns', 'growth', 'response', 'retention')),
  facts jsonb not null,
  made_at timestamptz not null,
  primary key (artist_id, kind)
);

create table press_links (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  -- Whom it was made for, in the artist's words.
  made_for text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  visits integer not null default 0,
  visited_at timestamptz
);
create index on press_links (artist_id, created_at);
