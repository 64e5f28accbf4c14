-- One message, on the channel that each fan chose; who got it, and what came back by itself.

-- How messages leave: the place's own (neither artist nor label) serve everybody who has none.
create table providers (
  id uuid primary key,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  channel text not null check (channel in ('mail', 'sms', 'push')),
  -- 'smtp', 'smpp', 'twilio', 'android', 'vapid'.
  kind text not null,
  name text not null,
  settings jsonb not null default '{}',
  -- AES-256-GCM under the place's key (platform/sealing): {"password", "token", …}.
  secrets bytea,
  is_enabled boolean not null default true,
  created_at timestamptz not null default now(),
  tried_at timestamptz,
  -- Null when the last try went well.
  problem text,
  check (num_nonnulls(artist_id, label_id) <= 1)
);
create index on providers (channel, artist_id, label_id);
-- The server of SMTP_URL, or what stands in for it while none is named: what serves everybody who has nothing else.
insert into providers (id, channel, kind, name, settings)
  values ('00000000-0000-7000-8000-00000000005e', 'mail', 'smtp', '', '{"environment": true}');

-- How many messages were handed over lately, written before they are: the windows of all worker processes slide over these rows.
create table hand_grants (
  provider_id uuid not null references providers on delete cascade,
  -- A mail domain or a country; '' counts all of the provider's.
  domain text not null,
  at timestamptz not null,
  count integer not null
);
create index on hand_grants (provider_id, domain, at);

-- Where a provider, or one recipient domain behind it, asked us to wait.
create table hand_pauses (
  provider_id uuid not null references providers on delete cascade,
  domain text not null,
  until timestamptz not null,
  -- Refusals in a row.
  strikes integer not null default 1,
  problem text not null default '',
  primary key (provider_id, domain)
);

-- Domains that mail is signed for (DKIM): one RSA and one Ed25519 key each.
create table sending_domains (
  domain text primary key,
  selector text not null,
  rsa_public text not null,
  ed25519_public text not null,
  -- The private ones as PEM, sealed: {"rsa", "ed25519"}.
  secrets bytea not null,
  created_at timestamptz not null default now()
);

create table announcements (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  state text not null default 'draft' check (state in ('draft', 'waiting', 'leaving', 'paused', 'cancelled', 'sent')),
  -- What is given: 'release:<id>', 'post:<id>'; null for words alone.
  subject text,
  channels text[] not null default '{mail,sms,push}',
  -- {"all": [condition, …]}: see audience.rules.
  segment jsonb not null default '{"all": []}',
  -- When it shall leave: a moment, or a wall clock ('2026-12-01T18:00') in each fan's own zone, or neither: at once.
  send_at timestamptz,
  local_time text,
  time_zone text,
  undo_minutes integer not null default 5,
  -- Pressed: from this moment on it leaves; before it, it can be undone.
  leaves_at timestamptz,
  frozen_at timestamptz,
  finished_at timestamptz,
  -- Its own gift on the spine: kind 'announcement'.
  gift_id uuid,
  created_by uuid references accounts on delete set null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  version integer not null default 1
);
create index on announcements (artist_id, created_at);

-- The words: channel '' is what all share, a channel's own row takes its place there.
create table announcement_texts (
  announcement_id uuid not null references announcements on delete cascade,
  language text not null,
  channel text not null default '',
  title text not null default '',
  -- Markdown; plain text for sms and push.
  body text not null default '',
  primary key (announcement_id, language, channel)
);

-- Every message that leaves, one row a person and address, frozen before the first is handed over. Nothing leaves that has no row, and no
-- row leaves twice by itself: 'handing' is written before the provider is spoken to, and what a crash finds there becomes 'uncertain'.
create table deliveries (
  id bigint generated always as identity primary key,
  -- 'announcement'; 'digest' (a week of them); 'answer' (from the inbox); 'notice' (confirmations, STOP's receipt).
  kind text not null,
  announcement_id uuid references announcements on delete cascade,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  -- Without references: what was sent stays counted after an erasure, which empties these three.
  fan_id uuid,
  address_id uuid,
  address text,
  channel text not null,
  language text not null,
  -- Its own words, when it is no announcement: {"subject", "text", "html", "headers", "conversationId", "lastWord"}.
  message jsonb,
  state text not null default 'queued' check (state in
    ('held', 'queued', 'handing', 'handed', 'delivered', 'bounced', 'failed', 'suppressed', 'uncertain', 'cancelled')),
  due_at timestamptz not null,
  provider_id uuid references providers on delete set null,
  -- What the provider calls it: Message-ID, message_id of SMPP, Twilio's SID.
  provider_ref text,
  -- The recipient's mail domain, or a number's country.
  domain text not null default '',
  attempts smallint not null default 0,
  -- Who holds it while it is handed over.
  holder text,
  problem text,
  -- The digest that carried it.
  digest_id bigint,
  created_at timestamptz not null default now(),
  handing_at timestamptz,
  handed_at timestamptz,
  settled_at timestamptz
);
create unique index deliveries_once on deliveries (announcement_id, address_id) where announcement_id is not null and address_id is not null;
create index deliveries_due on deliveries (channel, announcement_id, due_at, id) where state = 'queued';
create index deliveries_handing on deliveries (holder) where state = 'handing';
create index deliveries_of_announcement on deliveries (announcement_id, channel, state);
create index deliveries_by_ref on deliveries (provider_id, provider_ref) where provider_ref is not null;
create index deliveries_of_fan on deliveries (fan_id, created_at);

-- What came in by a channel, as it came, before anybody made sense of it: kept first, understood after.
create table received (
  id uuid primary key,
  channel text not null,
  provider_id uuid references providers on delete set null,
  -- What the provider or the mail calls it: the same thing delivered twice is one.
  provider_ref text not null,
  sender text not null,
  recipient text not null,
  subject text not null default '',
  text text not null default '',
  -- Mail: the message as it came.
  storage_key text,
  size bigint,
  received_at timestamptz not null,
  -- 'waiting', 'message' (went to the inbox), 'word' (STOP, START, HELP, a keyword), 'bounce', 'complaint', 'automatic', 'receipt', 'unknown'.
  understood text not null default 'waiting',
  handled_at timestamptz,
  unique nulls not distinct (channel, provider_id, provider_ref)
);
create index on received (received_at) where handled_at is null;
