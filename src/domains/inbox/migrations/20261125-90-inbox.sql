-- What fans say, wherever they say it: one conversation a fan and artist (or label).
create table conversations (
  id uuid primary key,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  -- Null when somebody writes whom nobody knows yet; `sender` says who: 'sms:+336…', 'mail:…', 'form:…', 'comment:…'.
  fan_id uuid references fans on delete set null,
  sender text not null default '',
  -- As they signed a form or a comment.
  name text not null default '',
  language text not null default 'en',
  state text not null default 'open' check (state in ('open', 'done', 'spam')),
  assigned_to uuid references accounts on delete set null,
  started_at timestamptz not null,
  last_at timestamptz not null,
  -- Since when somebody waits; null when the last word is ours.
  waiting_since timestamptz,
  check (num_nonnulls(artist_id, label_id) = 1)
);
create unique index conversations_of_fan on conversations (coalesce(artist_id, label_id), fan_id) where fan_id is not null;
create unique index conversations_of_sender on conversations (coalesce(artist_id, label_id), sender) where fan_id is null and sender <> '';
create index conversations_waiting on conversations (coalesce(artist_id, label_id), waiting_since) where state = 'open' and waiting_since is not null;
create index conversations_latest on conversations (coalesce(artist_id, label_id), last_at);
create index on conversations (fan_id);

create table conversation_messages (
  id uuid primary key,
  conversation_id uuid not null references conversations on delete cascade,
  -- 'in' from the fan, 'out' from us, 'note' among us.
  direction text not null check (direction in ('in', 'out', 'note')),
  -- 'mail', 'sms', 'comment', 'form'; null for a note.
  channel text,
  subject text not null default '',
  text text not null,
  -- What it is about, when known: an announcement, a post, a release.
  about text,
  -- Where it came from, and where an answer goes: a mail address or a number.
  address text,
  -- A mail's own Message-ID, for the thread of its answer.
  mail_ref text,
  -- Written by a machine: kept, and nobody waits for an answer.
  is_automatic boolean not null default false,
  account_id uuid references accounts on delete set null,
  received_id uuid references received on delete set null,
  delivery_id bigint references deliveries on delete set null,
  -- A comment that goes, goes from here.
  comment_id uuid references comments on delete cascade,
  at timestamptz not null
);
create index on conversation_messages (conversation_id, at);
create unique index conversation_messages_received on conversation_messages (received_id) where received_id is not null;
create unique index conversation_messages_comment on conversation_messages (comment_id) where comment_id is not null;
create index on conversation_messages (delivery_id) where delivery_id is not null;

create table message_attachments (
  id uuid primary key,
  message_id uuid not null references conversation_messages on delete cascade,
  name text not null,
  type text not null,
  size bigint not null,
  storage_key text not null,
  -- A picture is shown from its re-encoded copy.
  image_id uuid references images,
  created_at timestamptz not null default now()
);
create index on message_attachments (message_id);

create table saved_answers (
  id uuid primary key,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  title text not null,
  text text not null,
  created_at timestamptz not null default now(),
  check (num_nonnulls(artist_id, label_id) = 1)
);
create index on saved_answers (coalesce(artist_id, label_id));

-- Who has a conversation open just now, and who writes in it.
create table conversation_watchers (
  conversation_id uuid not null references conversations on delete cascade,
  account_id uuid not null references accounts on delete cascade,
  seen_at timestamptz not null,
  writing_at timestamptz,
  primary key (conversation_id, account_id)
);
