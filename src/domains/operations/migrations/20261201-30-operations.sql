-- A dated undertaking of an artist, with a page, with people, and with what follows it (docs/decisions/0080).
create table operations (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  kind text not null check (kind in ('contest')),
  slug text not null,
  title text not null default '',
  -- Markdown.
  words text not null default '',
  language text not null default 'en',
  time_zone text not null,
  ends_at timestamptz,
  state text not null default 'draft' check (state in ('draft', 'open', 'closed')),
  opened_at timestamptz,
  closed_at timestamptz,
  -- What comes after: something to go on with, or why there is nothing.
  follow_up text check (follow_up in ('next', 'none')),
  follow_up_words text not null default '',
  follow_up_subject text,
  -- What everybody who took part receives, and in which words they are thanked.
  thanks_subject text,
  thanks_words text not null default '',
  created_by uuid references accounts on delete set null,
  created_at timestamptz not null default now(),
  hidden_at timestamptz,
  version integer not null default 1,
  unique (artist_id, slug),
  constraint operations_opened check (state = 'draft' or (opened_at is not null and ends_at is not null)),
  constraint operations_need_a_follow_up check (
    state <> 'closed' or (closed_at is not null and follow_up is not null and length(trim(follow_up_words)) >= 10)
  )
);

-- Who took part, and how; by which address they said so. Told once, when it ends.
create table operation_people (
  operation_id uuid not null references operations on delete cascade,
  fan_id uuid not null references fans on delete cascade,
  how text not null check (how in ('entry', 'vote')),
  address_id uuid references fan_addresses on delete set null,
  language text not null default 'en',
  at timestamptz not null,
  primary key (operation_id, fan_id, how)
);
create index on operation_people (fan_id);
create index on operation_people (address_id);

create trigger pages_changed after insert or update or delete or truncate on operations for each statement execute function pages_changed();
